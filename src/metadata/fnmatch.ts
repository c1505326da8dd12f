/**
 * Whether a name fits a pattern of Python's fnmatch, in which `*` stands for any text, also with `/` and `.`. Takes at most the product of both lengths.
 * pattern = ("*" | "?" | "[" ["!"] characters "]" | character)*
 */
export function fitsPattern(name: string, pattern: string): boolean {
  const tokens = tokensOf(pattern.slice(0, LONGEST));
  const characters = [...name];
  let [at, token] = [0, 0];
  // Where to go on when what follows the last star does not fit: the star takes one character more.
  let star: { readonly token: number; readonly at: number } | null = null;
  while (at < characters.length) {
    const wanted = tokens[token];
    if (wanted === '*') {
      star = { token, at };
      token++;
    } else if (wanted?.(characters[at] ?? '')) {
      at++;
      token++;
    } else if (star !== null) {
      star = { token: star.token, at: star.at + 1 };
      [at, token] = [star.at, star.token + 1];
    } else {
      return false;
    }
  }
  return tokens.slice(token).every((one) => one === '*');
}

/** Nobody writes longer ones. */
const LONGEST = 200;

type Token = '*' | ((character: string) => boolean);

function tokensOf(pattern: string): Token[] {
  const parts = pattern.matchAll(/\*|\?|\[!?\]?[^\]]*\]|[\s\S]/gu);
  return [...parts].map(([part]): Token => {
    if (part === '*') return '*';
    if (part === '?') return () => true;
    if (part.length < 3 || !part.startsWith('[')) return (character) => character === part;
    const isInverted = part.startsWith('[!');
    const members = [...part.slice(isInverted ? 2 : 1, -1)];
    return (character) => isAmong(character, members) !== isInverted;
  });
}

/** members = (character "-" character | character)* */
function isAmong(character: string, members: readonly string[]): boolean {
  for (let i = 0; i < members.length; i++) {
    const [low = '', mark, high] = members.slice(i, i + 3);
    if (mark === '-' && high !== undefined) {
      if (low <= character && character <= high) return true;
      i += 2;
    } else if (low === character) {
      return true;
    }
  }
  return false;
}
