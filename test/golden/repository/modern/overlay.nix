final: prev: {
  made-up-kettle = final.callPackage ./pkgs/made-up-kettle { };
  made-up-saucer = final.callPackage ./pkgs/made-up-saucer { };
}
