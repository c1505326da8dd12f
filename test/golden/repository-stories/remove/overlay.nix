final: prev: {
  made-up-saucer = final.callPackage ./pkgs/made-up-saucer { };
}
