/** `makeTar({ 'toolz-1.0/setup.py': 'print(1)\\n', 'toolz-1.0/PKG-INFO': 'Name: toolz\\n' })` after `bzip2 -9`: no encoder is at hand. */
export const TAR_BZ2: Buffer = Buffer.from(
  'QlpoOTFBWSZTWWlNHo8AAH1fkNKQQGP9lAGpwABiJ94wBAAGCCAAkg0ppoBkAAaAANAKqnooDTQAAAA0BeV7JLj8uwRaBN4QJBZKKvdKeSTMgjLhafU7jbJXSVIKL2hNMUQ2oUYXFYSQdqrFZwwe1RjImDKg4DapCckZnGa9NDh2wc+ZeFz0YmyWi9sYJaC4Bh79Uj0P/FOCH4u5IpwoSDSmj0eA',
  'base64',
);
