import { useEffect, useState } from 'react';

export type FileOrigin = 'drop' | 'paste';

export interface FileIntakeOptions {
  readonly onFiles: (files: readonly File[], origin: FileOrigin) => void;
}

/**
 * Files dropped or pasted anywhere on the page. Without it, one dropped beside its mark would replace the page.
 * Returns whether files are being dragged over the page now.
 */
export function useFileIntake({ onFiles }: FileIntakeOptions): boolean {
  const [dragging, setDragging] = useState(false);

  useEffect(() => {
    // Every element that is entered and left on the way counts; 0 means the page itself was left.
    let depth = 0;
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const onEnter = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      depth += 1;
      setDragging(true);
    };
    const onLeave = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setDragging(false);
    };
    const onOver = (event: DragEvent) => {
      if (carriesFiles(event)) event.preventDefault();
    };
    const onDrop = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      depth = 0;
      setDragging(false);
      // Another part of the page, such as one that takes checkpoints, has had it already.
      if (event.defaultPrevented) return;
      event.preventDefault();
      onFiles([...(event.dataTransfer?.files ?? [])], 'drop');
    };
    const onPaste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      // Text is pasted where the cursor is, as ever.
      if (files.length === 0) return;
      event.preventDefault();
      onFiles(files, 'paste');
    };
    document.addEventListener('dragenter', onEnter);
    document.addEventListener('dragleave', onLeave);
    document.addEventListener('dragover', onOver);
    document.addEventListener('drop', onDrop);
    document.addEventListener('paste', onPaste);
    return () => {
      document.removeEventListener('dragenter', onEnter);
      document.removeEventListener('dragleave', onLeave);
      document.removeEventListener('dragover', onOver);
      document.removeEventListener('drop', onDrop);
      document.removeEventListener('paste', onPaste);
    };
  }, [onFiles]);

  return dragging;
}
