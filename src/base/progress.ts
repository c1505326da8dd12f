/** What a run tells about itself while it works. The room that works emits, `report/` turns events to lines. */
export type ProgressEvent =
  | { readonly kind: 'phase'; readonly text: string }
  | { readonly kind: 'request'; readonly what: string; readonly url: string }
  | {
      readonly kind: 'retry';
      readonly what: string;
      readonly attempt: number;
      readonly seconds: number;
      readonly why: string;
    }
  | { readonly kind: 'done'; readonly what: string }
  /** So many of what a phase goes through, `text`, are done. */
  | { readonly kind: 'count'; readonly text: string; readonly done: number; readonly total: number };

export type ProgressSink = (event: ProgressEvent) => void;
