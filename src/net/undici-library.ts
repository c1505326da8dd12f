/**
 * The parts of undici that requests through proxies are made with. A file of its own, so that `import('./undici-library.ts')` loads undici when the
 * first request is made, bundled or not: a bundler gives the names of a CommonJS library only to static imports.
 */
export { EnvHttpProxyAgent, request } from 'undici';
