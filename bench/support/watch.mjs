// Loaded before the program with --import: writes to the file of BENCH_WATCH what the process used and which requests it sent.
import { subscribe } from 'node:diagnostics_channel';
import { writeFileSync } from 'node:fs';

const requests = [];
// Undici tells of each request on this channel; it costs nothing where nobody listens.
subscribe('undici:request:create', ({ request }) => {
  requests.push({ url: `${request.origin}${request.path}`, headers: pairs(request.headers) });
});

process.on('exit', () => {
  const { maxRSS } = process.resourceUsage();
  writeFileSync(process.env.BENCH_WATCH, JSON.stringify({ peakBytes: maxRSS * 1024, requests }));
});

function pairs(flat) {
  return Array.from({ length: flat.length / 2 }, (_, index) => [String(flat[2 * index]), String(flat[2 * index + 1])]);
}
