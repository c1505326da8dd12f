final: prev: {
  made-up-kettle = final.callPackage ./pkgs/made-up-kettle { };
  made-up-lid = final.callPackage ./pkgs/made-up-lid { };
  made-up-saucer = final.callPackage ./pkgs/made-up-saucer { };
  made-up-spout = final.callPackage ./pkgs/made-up-spout { };
  made-up-tray = final.callPackage ./pkgs/made-up-tray { };
}
