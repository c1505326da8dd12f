/**
 * The expressions that read a nixpkgs, for `nix-instantiate --eval --strict --json`. They are fixed texts: the path and lists of names come as arguments
 * (`--argstr`), so that nothing from outside is ever read as Nix. They run on Nix 2.8 and newer, and take from nixpkgs only what all of its releases since 15.09 have.
 *
 * `tryEval` catches what `throw` and `assert` stop. What ends an evaluation altogether (`abort`, a missing attribute, infinite recursion) is found by `told`: each attribute is
 * named on stderr before it is read, so that the last one named is the one at fault, and what was read is said there too, so that it need not be read again.
 */
const PRELUDE = `
{
  nixpkgs,
  # JSON lists of what is read: interpreters, or paths.
  interpreters ? "[]",
  paths ? "[]",
  # How many attributes are passed over because they were read before.
  start ? "0",
  # JSON list of attributes that are read without their inputs, in all sets.
  lightly ? "[]",
}:
let
  imported = import (/. + nixpkgs);
  # What a user has in ~/.config/nixpkgs is not a part of the revision. Old releases know no overlays. Expressions of nixpkgs itself must not use its aliases.
  pkgs =
    if builtins.isFunction imported then
      imported (builtins.intersectAttrs (builtins.functionArgs imported) { config = { allowAliases = false; }; overlays = [ ]; })
    else
      imported;
  at = name: set: default: if builtins.isAttrs set && builtins.hasAttr name set then builtins.getAttr name set else default;
  shallow = default: value: let tried = builtins.tryEval value; in if tried.success then tried.value else default;
  deep = default: value: shallow default (builtins.deepSeq value value);
  text = value: if builtins.isString value then builtins.unsafeDiscardStringContext value else null;
  told = name: value:
    let record = builtins.toJSON value; in
    builtins.trace ("pypi2nix reads " + builtins.toJSON name) (
      builtins.seq record (builtins.trace ("pypi2nix has " + record) value)
    );
  wanted = names:
    let passed = builtins.fromJSON start; in
    builtins.genList (index: builtins.elemAt names (index + passed)) (builtins.length names - passed);
`;

/** What a nixpkgs is: the interpreters, and the names of its attributes and licences. */
export const OVERVIEW: string = `${PRELUDE}
  names = builtins.attrNames pkgs;
  isInterpreter = name: builtins.substring 0 2 name == "py" && builtins.match "(python|pypy)([23][0-9]*)?" name != null;
  describe = attribute:
    let value = builtins.getAttr attribute pkgs; in
    {
      inherit attribute;
      version = text (value.pythonVersion or value.majorVersion or null);
      prefix = text (value.libPrefix or null);
      hasSet = value ? pkgs || builtins.hasAttr (attribute + "Packages") pkgs;
    };
in
{
  inherit names;
  licences = deep [ ] (builtins.attrNames (pkgs.lib.licenses or { }));
  interpreters = map (name: deep null (describe name)) (builtins.filter isInterpreter names);
}
`;

/** The release as `lib` tells it, for a nixpkgs without the file `.version`. */
export const RELEASE: string = `${PRELUDE}
in
deep null (text ((pkgs.lib.trivial or { }).release or null))
`;

/** Every attribute of the Python sets of some interpreters, one set after the other. */
export const PYTHON_SETS: string = `${PRELUDE}
  setOf = interpreter:
    (builtins.getAttr interpreter pkgs).pkgs or (builtins.getAttr (interpreter + "Packages") pkgs);
  lightNames = builtins.fromJSON lightly;
  urlOf = src:
    if !(builtins.isAttrs src) then
      null
    else if !(src ? urls) then
      text (src.url or null)
    else if builtins.isList src.urls && src.urls != [ ] then
      text (builtins.head src.urls)
    else
      null;
  runsTests = package: deep false ((package.doCheck or false) == true || (package.doInstallCheck or false) == true);
  namesOf = inputs:
    if !(builtins.isList inputs) then
      [ ]
    else
      builtins.concatMap (
        input:
        let name = deep null (if builtins.isAttrs input then text (input.name or null) else null); in
        if name == null then [ ] else [ [ name (runsTests input) ] ]
      ) inputs;
  extrasOf = package:
    let extras = package.optional-dependencies or { }; in
    if builtins.isAttrs extras then builtins.attrNames extras else [ ];
  inputLists = [ "nativeBuildInputs" "buildInputs" "propagatedBuildInputs" "propagatedNativeBuildInputs" ];
  describe = name: value:
    if value == null then
      { kind = "null"; }
    else if builtins.isAttrs value && (value.type or null) == "derivation" then
      {
        kind = "package";
        name = deep null (text (value.name or null));
        pname = deep null (text (value.pname or null));
        version = deep null (text (value.version or null));
        url = deep null (urlOf (value.src or null));
        python = deep false (builtins.isAttrs (value.pythonModule or null) && !(value ? libPrefix));
        tests = runsTests value;
        extras = deep [ ] (extrasOf value);
        broken = deep false ((value.meta.broken or false) == true);
        disabled = deep false ((value.disabled or false) == true);
        needs =
          if builtins.elem name lightNames then
            null
          else
            builtins.concatMap (list: namesOf (shallow [ ] (at list value [ ]))) inputLists;
      }
    else
      { kind = "other"; };
  members = interpreter:
    let set = setOf interpreter; in
    map (attribute: { inherit interpreter set attribute; }) (builtins.attrNames set);
  read = { interpreter, set, attribute }:
    told [ attribute interpreter ] (
      { inherit interpreter attribute; }
      // shallow { kind = "throws"; } (describe attribute (builtins.getAttr attribute set))
    );
in
map read (wanted (builtins.concatMap members (builtins.fromJSON interpreters)))
`;

/** Of some paths of nixpkgs (with dots) each that leads to something, and null for each that does not. */
export const PATHS: string = `${PRELUDE}
  parts = path: builtins.filter builtins.isString (builtins.split "[.]" path);
  leads = path: shallow false (builtins.foldl' (value: name: at name value null) pkgs (parts path) != null);
in
map (path: told [ path ] (if leads path then path else null)) (wanted (builtins.fromJSON paths))
`;

/** Of some packages, pairs of a set and an attribute of it, what they are: null where they do not say it. */
export const DESCRIPTIONS: string = `${PRELUDE}
  describe = pair: (builtins.foldl' (value: name: at name value { }) pkgs pair).meta.description or null;
in
map (pair: told pair { inherit pair; description = deep null (text (describe pair)); }) (wanted (builtins.fromJSON paths))
`;
