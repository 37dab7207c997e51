'use client';

import { Button, FileButton } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import { ComparedTable } from '@/components/panels/models/compared-table';
import { HeadsForm } from '@/components/panels/models/heads-form';
import { LookedReport } from '@/components/panels/models/looked-report';
import { useModels, useModelsActions } from '@/components/panels/models/models-context';
import { Block } from '@/components/ui/block';
import { StatusTracker } from '@/components/ui/status-tracker';
import classes from './models.module.css';

/** Checkpoints of the visitor's own: dropped anywhere on the page, or chosen. */
export function FileSection(): ReactNode {
  const work = useModels((state) => state.work);
  const looked = useModels((state) => state.looked);
  const compared = useModels((state) => state.compared);
  const question = useModels((state) => state.question);
  const { take, answerHeads, cancelWork } = useModelsActions();
  const isOver = useDroppedFiles(take);
  return (
    <Block title="A file of yours" detail="it never leaves this device" id="files">
      <div className={classes.door} data-over={isOver || undefined} aria-busy={work !== null}>
        <p>
          Drop a <code>.safetensors</code> or PyTorch’s <code>.pth</code> anywhere on this page: a ViT, DeiT or Swin
          under the names of timm, DeiT, Bi-ViT’s release or transformers. Nothing in a file is executed. Drop it
          together with its <code>.golden.safetensors</code> and its stages are compared with what PyTorch gave.
        </p>
        <FileButton
          multiple
          accept=".safetensors,.pth,.pt,.bin"
          onChange={(files) => void take(files)}
          inputProps={{ 'aria-label': 'Checkpoint files' }}
        >
          {(props) => (
            <Button {...props} size="xs" variant="default">
              Choose files
            </Button>
          )}
        </FileButton>
      </div>
      {work !== null && (
        <StatusTracker phase="running" text={work.what} progress={work.progress} onCancel={cancelWork} />
      )}
      {question !== null && (
        <section className={classes.report} aria-label={`A question about ${question.fileName}`}>
          <h3 className={classes.name}>{question.fileName}</h3>
          <HeadsForm
            key={question.fileName}
            present={null}
            width={null}
            reason={question.sentence}
            onState={(heads) => void answerHeads(heads)}
          />
        </section>
      )}
      {looked !== null && <LookedReport key={`${looked.id}:${looked.numHeads}`} looked={looked} />}
      {compared !== null && <ComparedTable compared={compared} />}
    </Block>
  );
}

/** Files dropped on the window. @returns whether some are held above it */
function useDroppedFiles(take: (files: readonly File[]) => Promise<void>): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
    const over = (event: DragEvent): void => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    // Leaving for another element of the page has one to go to.
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      setOver(false);
      if (!holdsFiles(event)) return;
      event.preventDefault();
      void take([...(event.dataTransfer?.files ?? [])]);
    };
    window.addEventListener('dragover', over);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, [take]);
  return isOver;
}
