import { describe, expect, it } from 'vitest';
import { defaultIndexUrl } from '../../src/index/default-index.ts';

describe('defaultIndexUrl', () => {
  it('is an https address beneath which the page of a project is found by its name', async () => {
    const url = new URL(await defaultIndexUrl());

    expect(url.protocol).toBe('https:');
    expect(url.pathname).toBe('/simple/');
    expect(url.search + url.hash + url.username).toBe('');
  });
});
