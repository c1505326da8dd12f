# The functions of nixpkgs' lib that Python expressions use, with the same names and meanings.
let
  inherit (builtins)
    attrNames
    compareVersions
    concatLists
    concatStringsSep
    elem
    filter
    foldl'
    functionArgs
    hasAttr
    intersectAttrs
    isAttrs
    isFunction
    isList
    listToAttrs
    map
    mapAttrs
    stringLength
    substring
    ;
in
rec {
  inherit (builtins)
    all
    any
    attrNames
    attrValues
    concatLists
    concatMap
    concatStringsSep
    elem
    elemAt
    filter
    foldl'
    fromJSON
    functionArgs
    genList
    getAttr
    hasAttr
    head
    intersectAttrs
    isAttrs
    isBool
    isFunction
    isInt
    isList
    isString
    length
    listToAttrs
    map
    mapAttrs
    match
    partition
    readFile
    removeAttrs
    replaceStrings
    seq
    splitVersion
    stringLength
    substring
    tail
    toJSON
    tryEval
    ;

  licenses = import ./licenses.nix;
  platforms = {
    all = [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ];
    linux = [ "x86_64-linux" "aarch64-linux" ];
    darwin = [ "x86_64-darwin" "aarch64-darwin" ];
    unix = platforms.all;
  };
  # Handles are whatever the user says they are; nixpkgs knows its own, here each must be listed.
  maintainers = { };
  sourceTypes = { fromSource = { isSource = true; }; binaryNativeCode = { isSource = false; }; };

  id = x: x;
  const = x: _: x;
  flip = f: a: b: f b a;
  warn = message: value: builtins.trace "warning: ${message}" value;
  optional = condition: value: if condition then [ value ] else [ ];
  optionals = condition: values: if condition then values else [ ];
  optionalString = condition: text: if condition then text else "";
  optionalAttrs = condition: set: if condition then set else { };
  singleton = value: [ value ];
  toList = value: if isList value then value else [ value ];
  flatten = value: if isList value then concatLists (map flatten value) else [ value ];
  unique = foldl' (seen: value: if elem value seen then seen else seen ++ [ value ]) [ ];
  remove = value: filter (other: other != value);
  subtractLists = taken: filter (value: !(elem value taken));

  nameValuePair = name: value: { inherit name value; };
  genAttrs = names: f: listToAttrs (map (name: nameValuePair name (f name)) names);
  filterAttrs = keep: set: removeAttrs set (filter (name: !(keep name set.${name})) (attrNames set));
  mapAttrs' = f: set: listToAttrs (map (name: f name set.${name}) (attrNames set));
  mapAttrsToList = f: set: map (name: f name set.${name}) (attrNames set);
  recursiveUpdate =
    left: right:
    left
    // mapAttrs (
      name: value:
      if isAttrs value && hasAttr name left && isAttrs left.${name} then recursiveUpdate left.${name} value else value
    ) right;
  attrByPath =
    path: default: set:
    foldl' (value: name: if isAttrs value && hasAttr name value then value.${name} else default) set path;

  concatMapStringsSep = separator: f: values: concatStringsSep separator (map f values);
  concatStrings = concatStringsSep "";
  hasPrefix = prefix: text: substring 0 (stringLength prefix) text == prefix;
  hasSuffix =
    suffix: text:
    let
      rest = stringLength text - stringLength suffix;
    in
    rest >= 0 && substring rest (stringLength text) text == suffix;
  removePrefix =
    prefix: text: if hasPrefix prefix text then substring (stringLength prefix) (stringLength text) text else text;
  removeSuffix =
    suffix: text:
    if hasSuffix suffix text then substring 0 (stringLength text - stringLength suffix) text else text;
  splitString =
    separator: text:
    filter builtins.isString (builtins.split (builtins.replaceStrings [ "." "+" "|" "*" "?" "$" "^" "(" ")" "[" "\\" ] [ "\\." "\\+" "\\|" "\\*" "\\?" "\\$" "\\^" "\\(" "\\)" "\\[" "\\\\" ] separator) text);
  toLower = builtins.replaceStrings upperChars lowerChars;
  escapeShellArg = text: "'${builtins.replaceStrings [ "'" ] [ "'\\''" ] (toString text)}'";
  escapeShellArgs = concatMapStringsSep " " escapeShellArg;

  versionOlder = a: b: compareVersions a b < 0;
  versionAtLeast = a: b: compareVersions a b >= 0;
  versions = {
    major = version: builtins.elemAt (builtins.splitVersion version) 0;
    majorMinor = version: concatStringsSep "." (take 2 (builtins.splitVersion version));
  };
  take = count: values: builtins.genList (builtins.elemAt values) (min count (builtins.length values));
  min = a: b: if a < b then a else b;
  max = a: b: if a > b then a else b;

  getOutput = output: package: package.${output} or package.out or package;
  getBin = getOutput "bin";
  getDev = getOutput "dev";
  getLib = getOutput "lib";
  getExe = package: "${getBin package}/bin/${package.meta.mainProgram or package.pname}";
  getExe' = package: program: "${getBin package}/bin/${program}";
  makeSearchPath = folder: packages: concatMapStringsSep ":" (package: "${package}/${folder}") packages;
  makeLibraryPath = packages: makeSearchPath "lib" (map getLib packages);
  makeBinPath = packages: makeSearchPath "bin" (map getBin packages);

  fakeHash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  fix =
    f:
    let
      x = f x;
    in
    x;
  extends =
    overlay: f: final:
    let
      prev = f final;
    in
    prev // overlay final prev;
  composeExtensions =
    first: second: final: prev:
    let
      applied = first final prev;
    in
    applied // second final (prev // applied);
  composeManyExtensions = foldl' composeExtensions (_final: _prev: { });

  # The function may be a file. An argument that the set lacks and that has no default is an error of Nix itself.
  callPackageWith =
    set: functionOrFile: arguments:
    let
      f = if isFunction functionOrFile then functionOrFile else import functionOrFile;
      call = changed: f (intersectAttrs (functionArgs f) set // changed);
      overridable =
        changed:
        let
          result = call changed;
        in
        if isAttrs result then
          result
          // {
            override = new: overridable (changed // (if isFunction new then new changed else new));
          }
        else
          result;
    in
    overridable arguments;

  lowerChars = stringToCharacters "abcdefghijklmnopqrstuvwxyz";
  upperChars = stringToCharacters "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  stringToCharacters = text: builtins.genList (index: substring index 1 text) (stringLength text);
}
