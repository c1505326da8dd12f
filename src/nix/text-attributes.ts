import { compareText } from '../base/text.ts';
import type { TextAttributeName, TextPart } from '../classify/package-facts.ts';
import { runsTests } from './check-attributes.ts';
import { apply, assign, type Expression, indented, list, type StringPart, select, set, string } from './expression.ts';
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
    if (parts === undefined || parts.length === 0) return [];
    const script = context.dialect.replaceFail ? parts : parts.map(withOldReplace);
    return [{ name, value: phaseText(stringParts(script, printed, context)), comments: commentsFor(printed, [name]) }];
  });
  return { attributes: [...phases, ...environment(printed, context)], notes: [] };
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
