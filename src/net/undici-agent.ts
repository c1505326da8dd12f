/**
 * What undici needs for requests without a proxy, taken by the paths of its files: the whole library (`undici-library.ts`) takes twice as
 * long to load. A file of its own for the same reason as that one.
 */
export { default as request } from 'undici/lib/api/api-request.js';
export { default as Agent } from 'undici/lib/dispatcher/agent.js';
