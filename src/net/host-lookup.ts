import dns from 'node:dns';
import type { LookupFunction } from 'node:net';

/**
 * A lookup of host names for one run that asks the system once a host. Node looks up anew for each connection, and does so on the
 * same four threads that decompress and hash. A failure is not remembered.
 */
export function rememberingLookup(): LookupFunction {
  const known = new Map<string, Promise<dns.LookupAddress[]>>();

  function addressesOf(host: string, family: number): Promise<dns.LookupAddress[]> {
    const key = `${family} ${host}`;
    const asked = known.get(key);
    if (asked !== undefined) return asked;
    const answer = dns.promises.lookup(host, { all: true, family });
    known.set(key, answer);
    answer.catch(() => known.delete(key));
    return answer;
  }

  return (host, options, callback) => {
    addressesOf(host, options.family === 'IPv6' ? 6 : options.family === 'IPv4' ? 4 : (options.family ?? 0)).then(
      (addresses) => {
        const [first] = addresses;
        if (options.all === true || first === undefined) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    );
  };
}
