import { EXIT, UserError } from '../base/user-error.ts';
import type { ArchiveSource, GitSource, PackageFacts, Source, TargetWheel } from '../classify/package-facts.ts';
import type { Dialect } from './dialect.ts';
import {
  apply,
  assign,
  type Binding,
  type Expression,
  identifier,
  inherit,
  relativePath,
  type StringPart,
  select,
  set,
  string,
} from './expression.ts';
import { formatSha256, type HashForm, hexOfSri } from './hash.ts';
import type { Scope } from './scope.ts';
import { storeName } from './store-name.ts';
import { wheelsExpression, wheelTags } from './wheel-source.ts';

/** What `src` is made with. */
export interface SourceOptions {
  readonly dialect: Dialect;
  readonly scope: Scope;
  /** Null: the form of the dialect. */
  readonly hash: HashForm | null;
  /** `url`: the archive is not on PyPI, so its own address is used. */
  readonly fetchFrom: 'pypi' | 'url';
  /** Path of a source on this machine, seen from the folder of the file that is written; null for what is fetched. */
  readonly path: string | null;
}

/**
 * The value of `src`: `fetchPypi` where the file name has the form that it builds (`STEM-VERSION.EXT`, or a wheel without a build tag),
 * else `fetchurl`; a path for what lies on this machine, and `fetchgit` or `builtins.fetchGit` for a commit. Throws UserError E_HASH_FORM when the release cannot read that form of digest, E_WHEEL_NOT_SUPPORTED for a wheel where there are none.
 */
export function sourceExpression(facts: PackageFacts, options: SourceOptions): Expression {
  const { source } = facts;
  if (source.kind === 'directory') return localPath(facts.name, options);
  if (source.kind === 'git') return gitExpression(source, options);
  return archiveExpression({ ...facts, source }, options);
}

/** The value of `sourceRoot`, where the project lies in a folder of its source; null where it is the root. It stands in the same set as `src`. */
export function sourceRootExpression(source: Source, dialect: Dialect): Expression | null {
  if (source.kind === 'directory') return null;
  if (source.kind === 'git') {
    if (source.subdirectory === null) return null;
    // What builtins.fetchGit gives has no name; its store path is always called `source`.
    const root: StringPart = source.hash === null ? 'source' : select(own('src', dialect), 'name');
    return string(root, `/${source.subdirectory}`);
  }
  return source.sourceRoot === undefined ? null : string(source.sourceRoot);
}

/** Another attribute of the package, as its expression names it. */
function own(name: string, { ownAttributes }: Dialect): Expression {
  return ownAttributes === 'rec' ? identifier(name) : select(identifier('finalAttrs'), name);
}

type ArchiveFacts = PackageFacts & { readonly source: ArchiveSource };

function archiveExpression(facts: ArchiveFacts, options: SourceOptions): Expression {
  const { source } = facts;
  if (source.kind === 'wheel' && !options.dialect.formats)
    throw new UserError(
      'E_WHEEL_NOT_SUPPORTED',
      `${facts.name} ${facts.version} is a wheel, which buildPythonPackage of nixpkgs ${options.dialect.release} does not take`,
      { hint: 'take a version that has an sdist, or a newer --release', exit: EXIT.unmet },
    );
  if (source.path !== undefined) return localPath(source.filename, options);
  // One that runs on every system does not fit an interpreter that the package excludes anyway.
  const isPure =
    source.filename.endsWith('-none-any.whl') && source.wheels?.every(({ filename }) => filename === source.filename);
  if (source.wheels !== undefined && isPure !== true) return platformWheels(facts, source.wheels, options);
  const hash = hashBinding(source.sha256, options);
  if (options.fetchFrom === 'url') return fetchUrl({ parts: [source.url], filename: source.filename, hash, options });
  if (options.dialect.fetcher === 'fetchurl') return fetchFromMirror(facts, { hash, options });
  const specific = source.kind === 'wheel' ? wheelArguments(facts, options) : sdistArguments(facts, options);
  if (specific !== null) return apply(options.scope.helper('fetchPypi'), set([...specific, hash]));
  if (source.kind === 'wheel') return fetchUrl({ parts: [source.url], filename: source.filename, hash, options });
  return fetchUrl({
    parts: [mirrorUrl(facts.name, encodeName(source.filename))],
    filename: source.filename,
    hash,
    options,
  });
}

function localPath(name: string, { path }: SourceOptions): Expression {
  if (path === null) throw new Error(`nobody told where ${name} lies`);
  return relativePath(path, storeName(name));
}

/** `fetchgit` takes the hash of the working copy. Without it Nix fetches the commit itself, while it evaluates. */
function gitExpression(source: GitSource, options: SourceOptions): Expression {
  const address = [assign('url', string(source.url)), assign('rev', string(source.rev))];
  if (source.hash !== null)
    return apply(options.scope.helper('fetchgit'), set([...address, hashBinding(hexOfSri(source.hash), options)]));
  const where =
    source.reference !== null
      ? [assign('ref', string(source.reference))]
      : source.isDefaultBranch
        ? []
        : [assign('allRefs', identifier('true'))];
  const submodules = source.hasSubmodules ? [assign('submodules', identifier('true'))] : [];
  return apply(select(identifier('builtins'), 'fetchGit'), set([...address, ...where, ...submodules]));
}

function hashBinding(sha256: string, { dialect, hash }: SourceOptions): Binding {
  const form = hash ?? dialect.hash;
  if (form === 'sri' && dialect.sriAttribute === null)
    throw new UserError('E_HASH_FORM', `nixpkgs ${dialect.release} cannot read SRI hashes`, {
      hint: 'use --hash hex or --hash base32',
      exit: EXIT.usage,
    });
  return assign(form === 'sri' ? (dialect.sriAttribute ?? 'sha256') : 'sha256', string(formatSha256(sha256, form)));
}

/** Splits STEM-VERSION.EXT at the version that the package has; null for any other form. */
function splitFilename({
  source,
  version,
}: ArchiveFacts): { readonly stem: string; readonly extension: string } | null {
  const match = /\.(tar\.gz|zip|tar\.bz2|tar\.xz|tgz)$/u.exec(source.filename);
  const base = source.filename.slice(0, match?.index ?? 0);
  const stem = base.slice(0, -`-${version}`.length);
  const isPlain =
    base.endsWith(`-${version}`) && /^[A-Za-z0-9][A-Za-z0-9._-]*$/u.test(stem) && /^[A-Za-z0-9.+]+$/u.test(version);
  return match?.[1] !== undefined && isPlain ? { stem, extension: match[1] } : null;
}

function sdistArguments(facts: ArchiveFacts, { dialect }: SourceOptions): Binding[] | null {
  const split = splitFilename(facts);
  if (split === null || (split.extension !== 'tar.gz' && !dialect.sdistExtension)) return null;
  return [
    ...nameArguments({ name: facts.name, stem: split.stem, dialect }),
    ...(split.extension === 'tar.gz' ? [] : [assign('extension', string(split.extension))]),
  ];
}

/** `pname` of fetchPypi is the stem of the file name, which is not always the name of the project. */
function nameArguments({ name, stem, dialect }: { name: string; stem: string; dialect: Dialect }): Binding[] {
  const from = dialect.ownAttributes === 'rec' ? null : identifier('finalAttrs');
  return stem === name
    ? [inherit(from, ['pname', 'version'])]
    : [assign('pname', string(stem)), inherit(from, ['version'])];
}

function wheelArguments(facts: ArchiveFacts, { dialect }: SourceOptions): Binding[] | null {
  const tags = wheelTags(facts.source.filename, facts.version);
  if (tags === null) return null;
  return [
    ...nameArguments({ name: facts.name, stem: tags.stem, dialect }),
    assign('format', string('wheel')),
    ...(dialect.wheelDist ? [assign('dist', string(tags.python))] : []),
    ...(['python', 'abi', 'platform'] as const).map((tag) => assign(tag, string(tags[tag]))),
  ];
}

/** Each target has a wheel of its own: `fetchPypi` of what they have in common and what the target has, or `fetchurl` where one of them cannot be had so. */
function platformWheels(facts: ArchiveFacts, wheels: readonly TargetWheel[], options: SourceOptions): Expression {
  const { dialect, scope } = options;
  const withTags = wheels.map((wheel) => ({ wheel, tags: wheelTags(wheel.filename, facts.version) }));
  const stems = new Set(withTags.map(({ tags }) => tags?.stem ?? null));
  const [stem = null] = stems;
  const isPlain = options.fetchFrom === 'pypi' && stem !== null && stems.size === 1;
  const choices = withTags.map(({ wheel, tags }) => ({
    wheel,
    arguments: [
      ...(isPlain && tags !== null
        ? [
            ...(dialect.wheelDist ? [assign('dist', string(tags.python))] : []),
            ...(['python', 'abi', 'platform'] as const).map((tag) => assign(tag, string(tags[tag]))),
          ]
        : [...storeNameArgument([wheel.url], wheel.filename), assign('url', string(wheel.url))]),
      hashBinding(wheel.sha256, options),
    ],
  }));
  const common = isPlain
    ? [...nameArguments({ name: facts.name, stem, dialect }), assign('format', string('wheel'))]
    : [];
  return wheelsExpression(choices, {
    fetcher: scope.helper(isPlain ? 'fetchPypi' : 'fetchurl'),
    common,
    label: `${facts.name} ${facts.version}`,
    ...options,
  });
}

/** `mirror://pypi/` with the version interpolated, as nixpkgs wrote it before fetchPypi. */
function fetchFromMirror(
  facts: ArchiveFacts,
  { hash, options }: { hash: Binding; options: SourceOptions },
): Expression {
  const split = splitFilename(facts);
  const { filename } = facts.source;
  if (split === null)
    return fetchUrl({ parts: [mirrorUrl(facts.name, encodeName(filename))], filename, hash, options });
  const file: StringPart[] =
    split.stem === facts.name
      ? [own('name', options.dialect), `.${split.extension}`]
      : [`${split.stem}-`, own('version', options.dialect), `.${split.extension}`];
  return fetchUrl({ parts: [mirrorUrl(split.stem, ''), ...file], filename, hash, options });
}

function mirrorUrl(folder: string, file: string): string {
  return `mirror://pypi/${folder.charAt(0)}/${folder}/${file}`;
}

function encodeName(filename: string): string {
  return encodeURIComponent(filename).replaceAll('%2B', '+');
}

function fetchUrl({
  parts,
  filename,
  hash,
  options,
}: {
  parts: readonly StringPart[];
  filename: string;
  hash: Binding;
  options: SourceOptions;
}): Expression {
  return apply(
    options.scope.helper('fetchurl'),
    set([...storeNameArgument(parts, filename), assign('url', string(...parts)), hash]),
  );
}

/** `name`, where the last part of the address, which the store path would be called by, is not the name of the file or has characters that none can have. */
function storeNameArgument(parts: readonly StringPart[], filename: string): Binding[] {
  const [first] = parts;
  const last = parts.length === 1 && typeof first === 'string' ? first.slice(first.lastIndexOf('/') + 1) : filename;
  const name = storeName(filename);
  return name === filename && last === filename ? [] : [assign('name', string(name))];
}
