import { normalizeName } from './name.ts';
import { isRefusedUnlessFollowed, type RequirementsDemand } from './requirements-demands.ts';
import type { PlacedText } from './requirements-file.ts';
import type { RequirementsOption } from './requirements-option.ts';
import { note, type Place, refuse, type State } from './requirements-state.ts';

/** Records what an option that stands alone says, of all but `--requirement` and `--constraint`. Throws UserError E_BAD_REQUIREMENTS_FILE (exit 65) for what cannot be followed. */
export function applyOption({ name, value }: RequirementsOption, place: Place, state: State): void {
  const { result } = state;
  const placed: PlacedText = { value, file: place.file, line: place.line };
  switch (name) {
    case 'index-url':
      result.indexUrl = placed;
      return;
    case 'extra-index-url':
      result.extraIndexUrls.push(placed);
      return;
    case 'find-links':
      result.findLinks.push(placed);
      return;
    case 'pre':
      result.prereleases = true;
      return;
    case 'all-releases':
      if (value.trim() === ':all:') result.prereleases = true;
      else
        note(
          state,
          place,
          'omitted',
          `--all-releases ${value} has no effect here: pre-releases are allowed for all projects or none`,
        );
      return;
    case 'no-require-hashes':
      result.requireHashes = false;
      return;
    case 'require-hashes':
    case 'no-index':
    case 'prefer-binary':
    case 'no-binary':
    case 'only-binary':
      applyDemand(name, placed, place, state);
      return;
    default:
      note(state, place, 'omitted', `--${name} has no effect here`);
  }
}

function applyDemand(name: RequirementsDemand, placed: PlacedText, place: Place, state: State): void {
  const { result, options } = state;
  const isFollowed = options.follows?.has(name) === true;
  if (!isFollowed && isRefusedUnlessFollowed(name)) refuse(place, `--${name} cannot be followed here`);
  switch (name) {
    case 'no-index':
      result.noIndex = true;
      return;
    case 'require-hashes':
      result.requireHashes = true;
      state.hashesDemanded = placed;
      if (!isFollowed)
        note(
          state,
          place,
          'warning',
          '--require-hashes holds for the projects that have a line, not for what they lead to',
        );
      return;
    case 'prefer-binary':
      result.preferBinary = true;
      break;
    case 'no-binary':
      chooseFormat(placed.value, state.noBinary, state.onlyBinary);
      break;
    case 'only-binary':
      chooseFormat(placed.value, state.onlyBinary, state.noBinary);
      break;
  }
  if (!isFollowed) note(state, place, 'omitted', `--${name} has no effect here`);
}

// The last word about a project wins; `:none:` takes back what this option said, `:all:` everything before it.
function chooseFormat(value: string, chosen: Set<string>, opposite: Set<string>): void {
  for (const part of value.split(',').map((text) => text.trim())) {
    if (part === ':none:') chosen.clear();
    else if (part === ':all:') {
      opposite.clear();
      chosen.clear();
      chosen.add(part);
    } else if (part !== '') {
      opposite.delete(normalizeName(part));
      chosen.add(normalizeName(part));
    }
  }
}
