/** The package URL tables, in a file of their own to be loaded when they are asked (see `defaultIndexUrl`). */
export { PackageURL, UrlConverter } from '@socketregistry/packageurl-js';
