# What comes from the host: shell, tools, interpreters, and the derivations that are made of these alone.
{ lib, system, interpreter }:

rec {
  inherit system interpreter;
  builder = "${./builder}";

  bash = lib.head (
    builtins.filter builtins.pathExists [ "/bin/bash" "/usr/bin/bash" "/usr/local/bin/bash" ]
    ++ [ (throw "the stand-in package set needs bash") ]
  );

  # Only what finds the host's programs sees the host's PATH.
  hostPath = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin";

  # The last command is no program: bash would become that program, and Nix kills a builder that closes its output before
  # it ends, as coreutils do.
  runScript =
    name: variables: script:
    derivation (
      variables
      // {
        inherit name system;
        builder = bash;
        args = [ "-ec" "${script}\n:" ];
        PATH = hostPath;
      }
    );

  runCommand =
    name: variables: script:
    runScript name variables ''
      export PATH=${tools}/bin
      ${script}
    '';

  writeText = name: text: builtins.toFile name text;

  # What nixpkgs' stdenv has on PATH, and nothing else: a tool or script that is not declared must not be found.
  tools = runScript "host-tools" { } ''
    mkdir -p $out/bin
    for name in \
      [ arch awk basename bash bunzip2 bzip2 cat chgrp chmod chown cksum cmp comm cp csplit cut date dd df diff diff3 dir \
      dirname du echo egrep env expand expr factor false fgrep file find fmt fold gawk grep gunzip gzip head hostid id \
      install join kill link ln logname ls make md5sum mkdir mkfifo mknod mktemp mv nice nl nohup nproc numfmt od paste \
      patch pathchk pr printenv printf pwd readlink realpath rm rmdir sdiff sed seq sh sha1sum sha256sum sha512sum shred \
      shuf sleep sort split stat stty sum sync tac tail tar tee test timeout touch tr true truncate tsort tty uname \
      unexpand uniq unlink unxz vdir wc whoami xargs xz xzcat yes zcat
    do
      if type -P "$name" >/dev/null; then ln -s "$(type -P "$name")" "$out/bin/$name"; fi
    done
    # The compiler may be installed after this was built: then the link works.
    for name in cc c++ gcc g++ cpp ld ar as nm ranlib strip objcopy objdump readelf; do
      ln -s "$(type -P "$name" || echo "/usr/bin/$name")" "$out/bin/$name"
    done
    # Debian's sysconfig names the compiler by its triple.
    for program in /usr/bin/*-linux-gnu*-{gcc,g++,cpp,ld,ar,as,nm,ranlib,strip,objcopy,objdump}; do
      if [[ -e $program ]]; then ln -s "$program" "$out/bin"; fi
    done
  '';

  # The interpreter as an environment of its own with an empty site-packages (what `python3 -m venv --without-pip` makes).
  pythonEnvironment =
    interpreter: facts:
    runScript "python3-${facts.version}" { inherit interpreter; inherit (facts) pythonVersion version; } ''
      home=$(dirname "$interpreter")
      site=$out/lib/python$pythonVersion/site-packages
      mkdir -p $out/bin $out/lib/pkgconfig $out/include "$site"
      for name in python python3 "python$pythonVersion"; do ln -s "$interpreter" "$out/bin/$name"; done
      for name in python3-config "python$pythonVersion-config"; do
        if [[ -x $home/$name ]]; then ln -s "$home/$name" "$out/bin"; fi
      done
      printf '%s\n' "home = $home" "include-system-site-packages = false" "version = $version" >$out/pyvenv.cfg
      "$interpreter" -I - "$out" <<'END'
      import glob, os, sys, sysconfig
      out = sys.argv[1]
      include = sysconfig.get_paths()["include"]
      if os.path.isdir(include):
          os.symlink(include, os.path.join(out, "include", os.path.basename(include)))
      for path in glob.glob(os.path.join(sysconfig.get_config_var("LIBPC") or "", "python*.pc")):
          os.symlink(path, os.path.join(out, "lib", "pkgconfig", os.path.basename(path)))
      END
    '';

  # Version of an interpreter. Read from the names and headers beside it, so that evaluating builds nothing; asked from
  # the interpreter itself (by a build during evaluation) only where there are no headers.
  pythonFacts =
    interpreter:
    let
      folder = dirOf interpreter;
      ownName = builtins.match "python(3\\.[0-9]+)" (baseNameOf interpreter);
      versions = lib.concatMap (name: lib.optionals (lib.hasPrefix "python3." name) (matched name)) (
        builtins.attrNames (builtins.readDir folder)
      );
      matched = name: builtins.filter (found: found != null) (lib.toList (builtins.match "python(3\\.[0-9]+)" name));
      newest = lib.foldl' (a: b: if lib.versionOlder a b then b else a) "0" versions;
      pythonVersion = if ownName != null then lib.head ownName else newest;
      header = "${dirOf folder}/include/python${pythonVersion}/patchlevel.h";
      asked = runScript "python-version" { inherit interpreter; } ''
        "$interpreter" -Ic 'import platform; print(end=platform.python_version())' >$out
      '';
    in
    {
      pythonVersion =
        if pythonVersion == "0" then throw "${interpreter} has no python3.N beside it to tell its version" else pythonVersion;
      version =
        if builtins.pathExists header then
          lib.head (builtins.elemAt (builtins.split "define PY_VERSION[ \t]+\"([0-9a-z.]+)" (builtins.readFile header)) 1)
        else
          builtins.readFile asked;
    };

  # A derivation that can be named, but not built.
  missing =
    pname: message:
    let
      drv = runScript pname { inherit message; } ''
        echo "error: $message" >&2
        exit 1
      '';
    in
    drv
    // {
      inherit pname;
      version = "0";
      optional-dependencies = { };
      isPlaceholder = true;
    };

  # A setup hook of builder/hooks, and what comes along with it.
  makeHook =
    name: propagated:
    runScript "${name}-hook" { hook = "${builder}/hooks/${name}.sh"; inherit propagated; } ''
      mkdir -p $out/nix-support
      cp "$hook" $out/nix-support/setup-hook
      echo $propagated >$out/nix-support/propagated-build-inputs
    '';

  # A derivation with a setup hook beside its programs.
  withHook =
    name: drv:
    let
      both = runScript drv.name { inherit drv; hook = makeHook name [ ]; } ''
        mkdir $out
        cp -rs "$drv"/* "$hook"/* $out
      '';
    in
    both // { inherit (drv) pname version; };

  # A shell with the programs of some derivations, for nix-shell.
  mkShell =
    {
      name ? "shell",
      packages ? [ ],
      buildInputs ? [ ],
      nativeBuildInputs ? [ ],
      inputsFrom ? [ ],
      shellHook ? "",
      ...
    }@arguments:
    runScript name (
      removeAttrs arguments [ "packages" "inputsFrom" "passthru" "meta" ]
      // {
        inherit shellHook;
        stdenv = shellSetup;
        packages =
          packages
          ++ buildInputs
          ++ nativeBuildInputs
          ++ lib.concatMap (drv: (drv.buildInputs or [ ]) ++ (drv.nativeBuildInputs or [ ])) inputsFrom;
      }
    ) "echo $packages >$out";

  # What nix-shell -p makes of its packages.
  runCommandCC =
    name: variables: _script:
    mkShell (variables // { inherit name; });

  # nix develop asks for the outputs of a derivation, which the setup of a real stdenv names.
  shellSetup = runScript "shell-setup" { } ''
    mkdir $out
    printf '%s\n' \
      'outputs=''${outputs:-out}' \
      'for package in $packages; do PATH=$package/bin:$PATH; done; export PATH' \
      'runHook() { eval "''${!1:-}"; }' >$out/setup
  '';
}
