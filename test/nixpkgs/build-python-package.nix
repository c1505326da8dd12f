# buildPythonPackage: an attribute set, or `finalAttrs:` a set, to a derivation over builder/python.sh.
{ lib, pkgs, python, missing, legacy, implicitWheel }:

let
  inherit (pkgs) stdenv;

  # What becomes inputs or attributes of the result under another name.
  translated = [ "build-system" "dependencies" "optional-dependencies" "nativeCheckInputs" "checkInputs" "meta" "passthru" "pyproject" "disabled" "strictDeps" "__structuredAttrs" ];

  # What only tests read: without tests an expression is the same derivation as one that never had any.
  ofTests = [ "disabledTestMarks" "disabledTestPaths" "disabledTests" "enabledTestPaths" "postCheck" "preCheck" "pytestFlags" "unittestFlags" "unittestFlagsArray" ];

  fromFunction =
    f:
    let
      attrs = lib.fix (attrs: f (attrs // { finalPackage = package; }));
      package = make attrs // {
        overridePythonAttrs =
          change:
          fromFunction (
            finalAttrs:
            let
              old = f finalAttrs;
            in
            old // (if builtins.isFunction change then change old else change)
          );
      };
    in
    package;

  make =
    attrs:
    let
      parsed = builtins.parseDrvName attrs.name;
      pname = attrs.pname or parsed.name;
      version = attrs.version or parsed.version;
      label = "${pname}-${version}";
      list = name: builtins.filter (input: input != null) (attrs.${name} or [ ]);

      format =
        if attrs ? pyproject && attrs ? format then
          throw "${label}: pyproject and format exclude each other"
        else if attrs ? pyproject then
          (if attrs.pyproject then "pyproject" else "other")
        else
          attrs.format or (if legacy then "setuptools" else throw "${label} configures neither pyproject nor format");

      # 18.03 and its like drop these without a word.
      unknown = lib.filter (name: attrs ? ${name}) [ "build-system" "dependencies" "optional-dependencies" "pyproject" ];

      buildSystem = list "build-system" ++ lib.optional (format == "setuptools") (missing "setuptools");
      dependencies = list "dependencies" ++ list "propagatedBuildInputs";
      doCheck = attrs.doCheck or true;
      # In the old form test tools are build inputs.
      checkInputs = lib.optionals doCheck (
        list "nativeCheckInputs" ++ list "checkInputs" ++ lib.optionals legacy (list "buildInputs")
      );
      wheelInput = lib.optional (implicitWheel != null && format != "wheel") implicitWheel;

      drv = stdenv.mkDerivation (
        removeAttrs attrs (translated ++ lib.optionals (!doCheck) ofTests)
        // {
          inherit pname version format doCheck;
          name = "${python.libPrefix}-${label}";
          kindScript = "python.sh";
          pythonEnvironment = python;
          inherit (python) sitePackages;
          env = attrs.env or { };
          pypaBuildFlags =
            lib.toList (attrs.pypaBuildFlags or [ ]) ++ lib.optional (format == "setuptools") "--skip-dependency-check";
          strictDeps = !legacy;
          nativeBuildInputs = list "nativeBuildInputs" ++ buildSystem ++ wheelInput;
          buildInputs = list "buildInputs";
          propagatedBuildInputs = dependencies;
          nativeCheckInputs = checkInputs;
          passthru = {
            inherit python dependencies;
            build-system = list "build-system";
            optional-dependencies = attrs.optional-dependencies or { };
            nativeCheckInputs = checkInputs;
            pythonModule = python;
            # As the real one shows them.
            nativeBuildInputs = list "nativeBuildInputs" ++ buildSystem ++ checkInputs;
          } // (attrs.passthru or { });
          meta = attrs.meta or { };
        }
      );
    in
    if attrs.disabled or false then
      throw "${label} not supported for interpreter ${python.executable}"
    else if legacy && unknown != [ ] then
      throw "${label}: this release does not know ${lib.concatStringsSep ", " unknown}"
    else
      drv;
in
argument: fromFunction (if builtins.isFunction argument then argument else (_finalAttrs: argument))
