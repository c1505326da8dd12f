import { mesonTokens, type Token } from './build-tokens.ts';
import { evaluateMeson, type MesonScope, type MesonValue, truthOf, truthValue, UNKNOWN } from './meson-values.ts';
import { type MesonProject, walk } from './meson-walk.ts';
import {
  type Certainty,
  counts,
  type NativeEvidence,
  type NativeFacts,
  type NativeTool,
  weaker,
} from './native-facts.ts';
import { bothMarkers } from './truth.ts';

/** What the meson.build files of a project ask for. */
export interface MesonReading {
  readonly evidence: readonly NativeEvidence[];
  readonly tools: readonly NativeTool[];
  /** What is asked for by a name that is computed, and files that were not kept. */
  readonly unread: NativeFacts['unread'];
}

type Text = (path: string) => string | null;

const MAX_FILES = 300;
const MAX_FOLDERS_DEEP = 30;

/** What the conditions around a subdir() or subproject() come to. */
interface Around {
  readonly when: Certainty;
  readonly marker: string | undefined;
}

/**
 * Reads the meson.build at the root and those below that it enters with `subdir()` or `subproject()`. Conditions count as far as they
 * look at the system, at an option of meson.options, whose default is taken unless `asked` has another value, or at a variable that is set from these.
 */
export function readMeson(text: Text, asked: ReadonlyMap<string, string> = new Map()): MesonReading {
  const evidence: NativeEvidence[] = [];
  const tools: NativeTool[] = [];
  const unread: NativeFacts['unread'][number][] = [];
  const seen = new Set<string>();
  const enter = (file: string, { when: base, marker: around }: Around, project: MesonProject, depth: number): void => {
    if (seen.size >= MAX_FILES || seen.has(file) || depth > MAX_FOLDERS_DEEP) return;
    if (/(?:^|\/)(?:tests?|docs?|examples?|benchmarks?)\//u.test(file)) return;
    seen.add(file);
    const content = text(file);
    if (content === null) {
      if (!file.startsWith('subprojects/')) unread.push({ file, what: `${file} is not there or too large` });
      return;
    }
    const folder = file.slice(0, -'meson.build'.length);
    walk(mesonTokens(content), project, (call, outer) => {
      const when = weaker(outer.when, base);
      const place = { file, line: call.line };
      const marker = bothMarkers(outer.marker, around);
      const condition = {
        ...(outer.condition === null ? {} : { condition: outer.condition }),
        ...(marker === undefined ? {} : { marker }),
      };
      const required = () => requiredness(call.keywords.get('required'), project);
      switch (call.name) {
        case 'subdir':
          for (const one of call.texts.slice(0, 1))
            if (one !== null && /^[\w.+-]+(?:\/[\w.+-]+)*$/u.test(one) && !one.includes('..'))
              enter(`${folder}${one}/meson.build`, { when, marker }, project, depth + 1);
          return;
        case 'subproject':
          // One that is named outright is always built; as the fallback of a dependency it is not.
          for (const one of call.texts.slice(0, 1))
            if (one !== null && /^[\w+-][\w.+-]*$/u.test(one)) {
              const below = `subprojects/${one}/`;
              const options = mesonOptions(text, below, defaultOptions(call.keywords.get('default_options'), project));
              const asked = { when: weaker(when, required()), marker };
              enter(`${below}meson.build`, asked, { options, variables: new Map() }, depth + 1);
            }
          return;
        case 'dependency':
        case 'find_library': {
          const [kind, names] =
            call.name === 'dependency' ? (['meson', call.texts] as const) : (['link', call.texts.slice(0, 1)] as const);
          // Several names are spellings of one thing.
          if (names[0] === null && counts(weaker(when, required())))
            unread.push({ ...place, what: `the name that ${call.name}() asks for is computed` });
          for (const name of names.slice(0, 1))
            if (name !== null && name !== '')
              evidence.push({ kind, name, when: weaker(when, required()), ...place, ...condition });
          return;
        }
        case 'find_program': {
          for (const name of call.texts.slice(0, 1))
            if (name !== null) tools.push({ name, when: weaker(when, required()), ...place });
          return;
        }
        case 'project':
        case 'add_languages':
          for (const name of call.name === 'project' ? call.texts.slice(1) : call.texts)
            if (name !== null) tools.push({ name: name.toLowerCase(), when, ...place });
      }
    });
  };
  enter(
    'meson.build',
    { when: 'always', marker: undefined },
    { options: mesonOptions(text, '', new Map([...projectDefaults(text), ...asked])), variables: new Map() },
    0,
  );
  return { evidence, tools, unread };
}

const NOTHING: MesonScope = { options: new Map(), variables: new Map() };

/** The values of the options of a project, by name: those that `default_options` of its subproject() gives, else their own defaults. */
function mesonOptions(
  text: Text,
  folder: string,
  given: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, MesonValue> {
  const options = new Map<string, MesonValue>();
  const declared = text(`${folder}meson.options`) ?? text(`${folder}meson_options.txt`) ?? '';
  walk(mesonTokens(declared), { options, variables: new Map() }, (call) => {
    const [name] = call.texts;
    if (call.name !== 'option' || name === undefined || name === null) return;
    const type = call.keywords.get('type')?.[0]?.value;
    const tokens = call.keywords.get('value');
    const stated = tokens === undefined ? UNKNOWN : evaluateMeson(tokens, NOTHING);
    const asked = given.get(name);
    options.set(name, optionValue(type, asked === undefined ? stated : { kind: 'text', value: asked }));
  });
  return options;
}

function optionValue(type: string | undefined, stated: MesonValue): MesonValue {
  const text = stated.kind === 'text' ? stated.value : null;
  if (type === 'feature') return { kind: 'feature', state: text === 'enabled' || text === 'disabled' ? text : 'auto' };
  if (type !== 'boolean') return stated;
  if (text === 'true' || text === 'false') return truthValue(text === 'true');
  return stated.kind === 'truth' ? stated : truthValue(true);
}

/** `project(..., default_options: [...])` goes before the defaults of the options themselves. */
function projectDefaults(text: Text): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  walk(mesonTokens(text('meson.build') ?? ''), { options: new Map(), variables: new Map() }, (call) => {
    if (call.name !== 'project') return;
    for (const [name, value] of defaultOptions(call.keywords.get('default_options'), NO_PROJECT))
      given.set(name, value);
  });
  return given;
}

const NO_PROJECT: MesonProject = { options: new Map(), variables: new Map() };

/** `default_options: ['a=b']`, `default_options: {'a': 'b'}`. */
function defaultOptions(tokens: readonly Token[] | undefined, project: MesonProject): ReadonlyMap<string, string> {
  const value = tokens === undefined ? UNKNOWN : evaluateMeson(tokens, project);
  const given = new Map<string, string>();
  if (value.kind === 'table')
    for (const [name, one] of value.entries) {
      if (one.kind === 'text') given.set(name, one.value);
      if (one.kind === 'truth') given.set(name, String(one.truth.when === 'always'));
    }
  if (value.kind === 'list')
    for (const one of value.items) {
      const at = one.kind === 'text' ? one.value.indexOf('=') : -1;
      if (one.kind === 'text' && at > 0) given.set(one.value.slice(0, at), one.value.slice(at + 1));
    }
  return given;
}

/** `required: true`, `required: false`, `required: get_option('x')`: an option that is off is as good as not asked for. */
function requiredness(tokens: readonly Token[] | undefined, scope: MesonScope): Certainty {
  if (tokens === undefined) return 'always';
  const value = evaluateMeson(tokens, scope);
  if (value.kind === 'feature')
    return value.state === 'enabled' ? 'always' : value.state === 'auto' ? 'optional' : 'off';
  const { when } = truthOf(value);
  if (when === 'off' && tokens.length === 1 && tokens[0]?.value === 'false') return 'optional';
  return when;
}
