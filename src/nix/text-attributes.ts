import { compareText } from '../base/text.ts';
import type { TextAttributeName, TextPart } from '../classify/package-facts.ts';
import { apply, assign, type Expression, indented, type StringPart, select, set, string } from './expression.ts';
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
    return [{ name, value: phaseText(stringParts(parts, printed, context)), comments: commentsFor(printed, [name]) }];
  });
  return { attributes: [...phases, ...environment(printed, context)], notes: [] };
}

function phaseText(parts: readonly StringPart[]): Expression {
  const last = parts.at(-1);
  const isWhole = typeof last === 'string' && last.endsWith('\n');
  return indented(...parts, ...(isWhole ? [] : ['\n']));
}

function environment(printed: PackageToPrint, context: PackageContext): Attribute[] {
  const { env } = printed.facts;
  const names = Object.keys(env).sort(compareText);
  const texts = names.map((name) => ({ name, value: string(...stringParts(env[name] ?? [], printed, context)) }));
  if (context.dialect.env === 'attributes') return texts;
  if (texts.length === 0) return [];
  return [
    {
      name: 'env',
      value: set(texts.map(({ name, value }) => assign(name, value))),
      comments: commentsFor(printed, ['env']),
    },
  ];
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
