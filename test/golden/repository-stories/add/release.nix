# A jobset of Hydra: each package and environment, for each platform. What an interpreter is too old or too new for is no job.
{
  nixpkgs ? <nixpkgs>,
  supportedSystems ? [
    "x86_64-linux"
    "aarch64-linux"
    "aarch64-darwin"
  ],
}:

let
  isDerivation = value: value.type or null == "derivation";
  # What throws, as a package does that an interpreter is too old for, counts as false.
  holds = condition: (builtins.tryEval condition).value;

  jobsFor =
    system:
    let
      pkgs = import nixpkgs { inherit system; };
      inherit (pkgs.lib) filterAttrs mapAttrs;
      repository = import ./default.nix { inherit pkgs; };
      jobsIn = filterAttrs (_: value: holds (isDerivation value && builtins.isString value.outPath));
      isSet = value: holds (builtins.isAttrs value && !(isDerivation value));
    in
    jobsIn repository // mapAttrs (_: jobsIn) (filterAttrs (_: isSet) repository);
in
builtins.listToAttrs (
  map (system: {
    name = system;
    value = jobsFor system;
  }) supportedSystems
)
