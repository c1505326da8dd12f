/** One file of a project on an index, decoded from PEP 691 JSON, PEP 503 HTML or a local folder. */
export interface IndexFile {
  readonly kind: 'sdist' | 'wheel';
  /** As the index spells it: letters, digits and `._+!~-`, beginning with a letter or digit. Never used as a path. */
  readonly filename: string;
  /** PEP 440 normal form of the version in the file name. */
  readonly version: string;
  /** Absolute URL (http, https or file), without credentials; empty where the record of a read-only cache layer has none. */
  readonly url: string;
  /** Hex; null when the index gives none (old HTML pages): the file's digest is then known only after the download. */
  readonly sha256: string | null;
  readonly requiresPython: string | null;
  /** Bytes. */
  readonly size: number | null;
  /** RFC 3339. */
  readonly uploadTime: string | null;
  /** The reason (may be empty) when it is yanked. */
  readonly yanked: string | null;
  /** PEP 658: the metadata file is announced; `true` or its sha256 in hex. */
  readonly coreMetadata: boolean | string;
}

/** The files of a page by release. Those of a release may be made only when they are asked for: of the thousands on a large page a run looks at a few. */
export interface FileTable {
  /** PEP 440 normal forms, in the order of their first files. */
  readonly versions: readonly string[];
  /** Those of the version at this position, in the order of the page. */
  filesAt(position: number): readonly IndexFile[];
  /** How many files have no upload time that can be read. */
  readonly undated: number;
}

/** A project as one index has it. */
export interface ProjectPage {
  /** PEP 503 name. */
  readonly name: string;
  /** Name of the index for messages, without credentials. */
  readonly index: string;
  readonly files: readonly IndexFile[];
  /** The same files by release, where they are at hand that way. */
  readonly table?: FileTable;
  /** PEP 792, for example `active`, `archived`, `quarantined`, `deprecated`; null when the index does not say. */
  readonly status: string | null;
  /** What the index says on the status, one line; absent or null when it says nothing. */
  readonly statusReason?: string | null;
  /** Why files were passed over, for notes: `3 eggs`, for example. */
  readonly ignored: readonly string[];
  /** It is of the public index, where `fetchPypi` and `mirror://pypi/` look too. */
  readonly isPublicIndex?: boolean;
}
