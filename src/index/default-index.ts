const PLACEHOLDER = 'name';

/**
 * The address of the public index (its simple repository interface, ending in `/`), as the package URL tables know it
 * for the type `pypi`. Loads the tables when called: they cost some 20 ms, which a start of the program cannot spare.
 */
export async function defaultIndexUrl(): Promise<string> {
  const { PackageURL, UrlConverter } = await import('./package-url-library.ts');
  const address = UrlConverter.toDownloadUrl(PackageURL.fromString(`pkg:pypi/${PLACEHOLDER}@1`))?.url;
  const suffix = `/simple/${PLACEHOLDER}/`;
  if (address === undefined || !address.endsWith(suffix)) {
    throw new Error(`the package URL tables give no simple repository address for pypi, but ${String(address)}`);
  }
  return address.slice(0, -`${PLACEHOLDER}/`.length);
}
