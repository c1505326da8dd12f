import type { CheckedPackage, CheckResult } from '../check/check-result.ts';
import type { NixpkgsIdentity } from '../nixpkgs/identity.ts';

/** The result of a check as one JSON object of the form 1, with the nixpkgs that was checked with; ends with a line break. */
export function checkJson({ packages, tried }: CheckResult, nixpkgs: NixpkgsIdentity): string {
  const value = {
    form: 1,
    nixpkgs,
    packages: packages.map(packageValue),
    rules: tried.map(({ project, file, text, because, outcome, why, remarks }) => ({
      project,
      file,
      text,
      because,
      outcome,
      why,
      remarks,
    })),
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

function packageValue({
  project,
  attribute,
  interpreter,
  outcome,
  seconds,
  log,
  kept,
  explained,
  messages,
}: CheckedPackage) {
  return {
    name: project,
    attribute,
    interpreter,
    result: outcome.kind,
    step: outcome.kind === 'done' || outcome.kind === 'failed' ? outcome.step : null,
    needs: outcome.kind === 'needs' ? outcome.names : [],
    seconds,
    log,
    kept,
    findings: explained.map(({ finding, text, advice, proposals }) => ({
      cause: finding.cause,
      stage: finding.stage,
      text,
      evidence: finding.evidence,
      line: finding.line,
      advice,
      rules: proposals.map(({ proposal, text: inWords }) => ({ ...proposal, text: inWords })),
    })),
    messages,
  };
}
