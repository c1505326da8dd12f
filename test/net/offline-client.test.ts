import { expect, it } from 'vitest';
import { offlineClient } from '../../src/net/offline-client.ts';

it('offline, every request names the record that is missing', async () => {
  const request = offlineClient().get({ url: 'https://index.test/simple/toolz/', what: 'the page of toolz' });

  await expect(request).rejects.toMatchObject({
    code: 'E_OFFLINE',
    exit: 69,
    message: 'the page of toolz is not in the cache',
    hint: 'run the command once without --offline',
  });
});
