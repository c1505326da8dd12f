import * as v from 'valibot';
import { parseMarker } from '../pep/marker.ts';
import { isProjectName, normalizeName } from '../pep/name.ts';
import { parseSpecifierSet } from '../pep/specifier.ts';
import { parseLicence } from './licence-expression.ts';
import { mentionsExtra } from './marker-variables.ts';
import { parseReleaseBounds } from './nixpkgs-bounds.ts';
import { inputs, line, lineLike, named, projects, readAs, script, table, text, texts, url } from './rule-values.ts';
import { parseTextParts } from './text-parts.ts';

const moduleName = lineLike(/^[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*$/u, 'must be a module');
const pathInside = v.pipe(
  line,
  v.check((path) => !path.startsWith('/') && !path.split('/').includes('..'), 'must be a path inside the sdist'),
);
const patchFile = lineLike(
  /^[A-Za-z0-9][A-Za-z0-9+._-]{0,99}\.(?:diff|patch)$/u,
  'must be the plain name of a file that ends in .patch or .diff',
);

const when = v.pipe(
  table,
  v.object({
    version: v.optional(v.pipe(line, readAs(parseSpecifierSet))),
    nixpkgs: v.optional(v.pipe(line, readAs(parseReleaseBounds))),
    marker: v.optional(
      v.pipe(
        line,
        readAs(parseMarker),
        v.check((marker) => !mentionsExtra(marker), 'must speak of targets, not of extras'),
      ),
    ),
  }),
);

/**
 * What one `[[rule]]` may say, with every value read. Keys that are not here are not looked at: `unknownKeys` tells of them.
 * Each issue has the path of its value inside the rule.
 */
export const RULE_SCHEMA = v.pipe(
  table,
  v.object(
    {
      reason: line,
      comment: v.optional(v.boolean('must be true or false')),
      when: v.optional(when),
      'build-system': v.optional(inputs('python')),
      nativeBuildInputs: v.optional(inputs('system')),
      buildInputs: v.optional(inputs('system')),
      dependencies: v.optional(inputs('python')),
      nativeCheckInputs: v.optional(inputs('python')),
      'optional-dependencies': v.optional(
        named(inputs('python'), (key) =>
          isProjectName(key) ? normalizeName(key) : { fault: 'is no name of an extra' },
        ),
      ),
      pythonRelaxDeps: v.optional(projects),
      pythonRemoveDeps: v.optional(projects),
      env: v.optional(
        named(v.pipe(text, readAs(parseTextParts)), (key) =>
          /^[A-Za-z_][A-Za-z0-9_]*$/u.test(key) ? key : { fault: 'is no name of an environment variable' },
        ),
      ),
      patches: v.optional(texts(patchFile)),
      postPatch: v.optional(script),
      preConfigure: v.optional(script),
      preBuild: v.optional(script),
      postInstall: v.optional(script),
      preCheck: v.optional(script),
      postCheck: v.optional(script),
      doCheck: v.optional(v.boolean('must be true or false')),
      disabledOnPyPy: v.optional(v.boolean('must be true or false')),
      disabledTests: v.optional(texts(line)),
      disabledTestPaths: v.optional(texts(pathInside)),
      pythonImportsCheck: v.optional(texts(moduleName)),
      description: v.optional(line),
      homepage: v.optional(url),
      changelog: v.optional(url),
      license: v.optional(v.pipe(line, readAs(parseLicence))),
      mainProgram: v.optional(lineLike(/^[A-Za-z0-9._+-]+$/u, 'must be the name of a program')),
      format: v.optional(v.picklist(['sdist', 'wheel'], 'must be "sdist" or "wheel"')),
    },
    'must be there',
  ),
);

/** One rule as it is written, its values read. */
export type RuleTable = v.InferOutput<typeof RULE_SCHEMA>;

/** The attributes that a rule may have, in the order of the documentation. */
export const RULE_KEYS: readonly string[] = Object.keys(RULE_SCHEMA.pipe[1].entries);
