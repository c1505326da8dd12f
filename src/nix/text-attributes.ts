import { compareText } from '../base/text.ts';
import type { PackageFacts, PatchFile, TextAttributeName, TextPart } from '../classify/package-facts.ts';
import { runsTests } from './check-attributes.ts';
import {
  apply,
  assign,
  type Expression,
  identifier,
  indented,
  list,
  path,
  type StringPart,
  select,
  set,
  string,
} from './expression.ts';
import { commentsFor } from './identity-attributes.ts';
import type { Attribute, AttributeGroup, PackageContext } from './package-expression.ts';
import type { PackageToPrint } from './package-names.ts';

const TEXTS: readonly TextAttributeName[] = [
  'postPatch',
  'preConfigure',
  'preBuild',
  'postInstall',
  'preCheck',
  'postCheck',
];

/** Texts of phases and environment variables, with the store paths that they name. */
export function textAttributes(printed: PackageToPrint, context: PackageContext): AttributeGroup {
  const phases = TEXTS.flatMap((name): Attribute[] => {
    const parts = printed.facts.text[name];
    if (name === 'preCheck' && parts === undefined) return preparation(printed, context);
    if (parts === undefined || parts.length === 0) return [];
    const script = context.dialect.replaceFail ? parts : parts.map(withOldReplace);
    return [{ name, value: phaseText(stringParts(script, printed, context)), comments: commentsFor(printed, [name]) }];
  });
  return { attributes: [...patches(printed, context), ...phases, ...environment(printed, context)], notes: [] };
}

/** Patches are files beside the expression, or their texts in it where it has no place of its own. */
function patches(printed: PackageToPrint, { filesBeside }: PackageContext): Attribute[] {
  const files = patchesOf(printed.facts);
  if (files.length === 0) return [];
  const toFile = select(identifier('builtins'), 'toFile');
  const value = list(
    files.map(({ name, text }) =>
      filesBeside === true ? path(`./${name}`) : apply(toFile, string(name), indented(text)),
    ),
  );
  return [{ name: 'patches', value, comments: commentsFor(printed, ['patches']) }];
}

/** The patches that the expression of a package names; a wheel is not built. */
export function patchesOf({ patches = [], source }: PackageFacts): readonly PatchFile[] {
  return source.kind === 'wheel' ? [] : patches;
}

/** What tests need to be prepared; a rule that has its own takes its place. Builders that run `setup.py test` test the sources and not what is installed. */
function preparation({ facts }: PackageToPrint, { dialect }: PackageContext): Attribute[] {
  const { preparation: steps = [], runner } = facts.check;
  if (steps.length === 0 || runner === null || !runsTests(facts) || dialect.testRunner[runner].kind === 'builder')
    return [];
  const script = steps.map((step) => `${step.script}\n`).join('');
  return [{ name: 'preCheck', value: indented(script), comments: steps.map(({ origin }) => origin.text) }];
}

/** Scripts of rules are written for a current nixpkgs, as names are. */
function withOldReplace(part: TextPart): TextPart {
  return typeof part === 'string' ? part.replace(/(?<=^|\s)--replace-fail(?=\s)/gu, '--replace') : part;
}

function phaseText(parts: readonly StringPart[]): Expression {
  const last = parts.at(-1);
  const isWhole = typeof last === 'string' && last.endsWith('\n');
  return indented(...parts, ...(isWhole ? [] : ['\n']));
}

function environment(printed: PackageToPrint, context: PackageContext): Attribute[] {
  const { dialect } = context;
  const named = dialect.testPaths === 'env' ? null : pytestArguments(printed);
  const { env } = printed.facts;
  const names = Object.keys(env)
    .filter((name) => named === null || name !== PYTEST_ADDOPTS)
    .sort(compareText);
  const texts = names.map((name) => ({ name, value: string(...stringParts(env[name] ?? [], printed, context)) }));
  const arguments_ = named === null ? [] : [named];
  if (dialect.env === 'attributes') return [...texts, ...arguments_];
  if (texts.length === 0) return arguments_;
  return [
    {
      name: 'env',
      value: set(texts.map(({ name, value }) => assign(name, value))),
      comments: commentsFor(printed, ['env']),
    },
    ...arguments_,
  ];
}

const PYTEST_ADDOPTS = 'PYTEST_ADDOPTS';

/** The words of PYTEST_ADDOPTS where the hook takes them by themselves: paths of tests, or flags. Null where there are none, or the shell has to read them first. */
function pytestArguments({ facts }: PackageToPrint): Attribute | null {
  const [text, ...others] = facts.env[PYTEST_ADDOPTS] ?? [];
  if (typeof text !== 'string' || others.length > 0 || facts.check.runner !== 'pytest' || !runsTests(facts))
    return null;
  const words = text.split(/\s+/u).filter((word) => word !== '');
  if (words.length === 0 || !words.every((word) => /^[\w./:=+-]+$/u.test(word))) return null;
  const name = words.some((word) => word.startsWith('-')) ? 'pytestFlags' : 'enabledTestPaths';
  return { name, value: list(words.map((word) => string(word))) };
}

/** A store path is `${lib.getDev fftw}` where libraries have several outputs, else `${pkgs.fftw}` for all of them. */
function stringParts(
  parts: readonly TextPart[],
  { names }: PackageToPrint,
  { dialect, scope }: PackageContext,
): StringPart[] {
  return parts.map((part) => {
    if (typeof part === 'string') return part;
    const attribute = names.systemAttribute(part.attribute);
    const path = scope.package({ kind: 'system', attribute }, 'native libraries');
    if (part.output === 'out' || !dialect.splitOutputs) return path;
    return apply(select(scope.helper('lib'), part.output === 'lib' ? 'getLib' : 'getDev'), path);
  });
}
