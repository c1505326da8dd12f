declare module 'seek-bzip' {
  interface Bunzip {
    /** Decodes the whole input; `multistream`: goes on with further streams. Errors are TypeErrors with a negative `errorCode`. */
    decode(input: Uint8Array, output: { writeByte(byte: number): void }, multistream: boolean): void;
  }
  const bunzip: Bunzip;
  export = bunzip;
}
