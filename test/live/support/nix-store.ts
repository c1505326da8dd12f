import { afterAll, beforeAll } from 'vitest';
import { type NixStore, openNixStore } from '../../support/nix.ts';

/** A store for the tests of one block, opened before the first of them and removed after the last. */
export function useNixStore(): () => NixStore {
  let store: NixStore | undefined;
  beforeAll(async () => {
    store = await openNixStore();
  });
  afterAll(async () => {
    await store?.remove();
  });
  return () => {
    if (store === undefined) throw new Error('the store is opened before the first test');
    return store;
  };
}
