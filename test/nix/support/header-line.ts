/** The expression that the header of a file shows for its use, with the file under another name than the one that it shows. */
export function headerLine(text: string, file: string): string {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => /^# Use it\b/u.test(line));
  const shown: string[] = [];
  for (const line of lines.slice(start + 1)) {
    if (!line.startsWith('#   ')) break;
    shown.push(line.slice('#   '.length));
  }
  const command = /^nix-shell -E '(.*)'$/u.exec(shown.join(' '));
  return (command?.[1] ?? shown.join('\n')).replaceAll('./python-packages.nix', `./${file}`);
}
