/** Query parameters whose names speak of tokens, keys, authentication or signatures. */
export const SECRET_PARAMETER = /token|key|auth|sig|secret|pass|credential|session/i;

// userinfo "@" of an authority (RFC 3986, 3.2)
const USER_INFO = /(:\/\/)([^\s/?#]+)(?=@)/g;
// "?" or "&", name "=" value of a query
const PARAMETER = /([?&]([^\s=&?#]{1,100})=)([^\s&#'"<>]+)/g;

/**
 * The text with stars in place of user, password and secret query values of every URL in it. It keeps its length, so that a place in it
 * stays the same place: what points into the text, such as a caret below it, still fits.
 */
export function starSecrets(text: string): string {
  return text
    .replace(USER_INFO, (_whole, slashes: string, user: string) => slashes + '*'.repeat(user.length))
    .replace(PARAMETER, (whole, before: string, name: string, value: string) =>
      SECRET_PARAMETER.test(name) ? before + '*'.repeat(value.length) : whole,
    );
}
