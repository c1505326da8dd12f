final: prev: {
  made-up-forge = final.callPackage ./pkgs/made-up-forge { };
  made-up-kettle = final.callPackage ./pkgs/made-up-kettle { };
  made-up-lid = final.callPackage ./pkgs/made-up-lid { };
  made-up-saucer = final.callPackage ./pkgs/made-up-saucer { };
}
