/**
 * Whether an old release of nixpkgs is known to have no library of this attribute of a current one, under no name. Looked up in the sets of 16.03 and 18.03; null for
 * releases that were not looked at.
 */
export function isAbsent(attribute: string, release: string): boolean | null {
  return ABSENT.get(release)?.has(attribute) ?? null;
}

const ABSENT: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [
    '16.03',
    namesIn([
      'abseil-cpp arrow-cpp c-blosc c-blosc2 charls duckdb eccodes erfa flint fmt fuse3 grpc gtk4 htslib igraph imath',
      'isa-l jxrlib lerc libaec libavif libbfd libclang libcoap libdeflate libfido2 libgpiod libheif libimagequant',
      'libjxl libmaxminddb libnfs libraqm libsoup_3 libthai liburing libvlc libxc libxcrypt llvm_20 mpv-unwrapped',
      'net-snmp nlohmann_json nng ntl olm pdal pipewire qt6.qtbase rapidjson rtmidi secp256k1 sentencepiece simdjson',
      'slurm snap7 spdlog symengine tpm2-tss vulkan-loader webkitgtk_4_1 xtensor xxHash',
    ]),
  ],
  [
    '18.03',
    namesIn([
      'abseil-cpp arrow-cpp c-blosc2 charls duckdb erfa fmt gtk4 igraph imath isa-l jxrlib lerc libaec libavif',
      'libclang libcoap libdeflate libfido2 libgpiod libheif libimagequant libjxl libraqm libsoup_3 libthai liburing',
      'libvlc libxcrypt llvm_20 mpv-unwrapped net-snmp nng pdal qt6.qtbase sentencepiece simdjson snap7 symengine',
      'tpm2-tss webkitgtk_4_1 xtensor',
    ]),
  ],
]);

function namesIn(lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(' ')));
}
