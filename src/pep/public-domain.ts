/**
 * The id of what is given to the public domain, which is no licence and has no id of SPDX: PEP 639 names this one (`LicenseRef-Public-Domain`), and nixpkgs has
 * `lib.licenses.publicDomain`.
 */
export const PUBLIC_DOMAIN = 'LicenseRef-Public-Domain';
