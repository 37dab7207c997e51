'use client';

import { lazy, Suspense } from 'react';
import { modelName } from '@/components/analysis/model-names';
import { Block } from '@/components/ui/block';
import { StatusTracker, type StatusPhase } from '@/components/ui/status-tracker';
import { selectStudent } from '@/state/derived';
import type { EnginePhase, EngineState } from '@/state/app-state';
import { useAppState, useResults } from '@/state/use-app-state';
import type { BackendName, ForwardPath, LoadedKernels, Progress } from '@/engine/protocol';
import { formatBytes, formatMs } from '@/lib/viz/format';
import classes from './status-panel.module.css';

const BACKEND_NAMES: { readonly [Name in BackendName]: string } = {
  wasm: 'wasm SIMD',
  webgpu: 'WebGPU',
  webgl: 'WebGL',
  cpu: 'cpu',
};

/** Nobody chooses before the first picture is there. */
const BackendChoice = lazy(() => import('@/components/shell/backend-choice'));

/** What computes, on what, how long it took; and the choice of the backend. */
export function StatusPanel() {
  const engine = useAppState((state) => state.engine);
  const prepared = useResults((state) => state.results.prepared);
  const studentId = useAppState(selectStudent);
  const progress = progressOf(engine);
  const path = useResults((state) => state.results.current?.paths?.[studentId]);

  return (
    <Block title="Status" id="status">
      <div className={classes.tracker} data-idle={progress === undefined}>
        <StatusTracker
          phase={PHASES[engine.phase]}
          text={textOf(engine)}
          progress={progress === undefined ? 0 : progress}
          facts={[
            { name: 'model', value: modelName(studentId) },
            { name: 'backend', value: engine.backend === null ? '–' : BACKEND_NAMES[engine.backend] },
            { name: 'its forward', value: path === undefined ? '–' : PATHS[path.kind] },
            { name: 'last run, all models', value: formatMs(engine.lastRunMs) },
            { name: 'memory', value: formatBytes(engine.memoryBytes) },
            { name: 'restarts', value: String(engine.restarts) },
            {
              name: 'results',
              value: prepared ? 'prepared at build' : engine.lastRunMs === null ? '–' : 'computed here',
            },
          ]}
        />
      </div>
      <p className={classes.reason}>
        {engine.reason ?? 'The engine has not started yet.'} {pathSentence(path, engine.kernels)}
      </p>
      <div className={classes.controls}>
        <Suspense fallback={null}>
          <BackendChoice />
        </Suspense>
      </div>
    </Block>
  );
}

const PATHS: { readonly [Kind in ForwardPath['kind']]: string } = { packed: 'packed, 1 bit', float: 'float' };

/** Which way the chosen student's predictions and attention were computed, and why. */
function pathSentence(path: ForwardPath | undefined, kernels: LoadedKernels | null): string {
  if (path === undefined) return '';
  if (path.kind === 'float') return kernels?.kind === 'absent' ? kernels.reason : path.reason;
  const relaxed = kernels?.kind === 'fast' && kernels.file === 'kernels-relaxed.wasm';
  const form = relaxed ? 'relaxed SIMD' : 'SIMD';
  return `Students run on the packed 1-bit kernels (${form}); the teacher, and every gradient, on floats.`;
}

const PHASES: { readonly [Phase in EnginePhase]: StatusPhase } = {
  cold: 'idle',
  loading: 'loading',
  ready: 'ready',
  running: 'running',
  restarting: 'loading',
  failed: 'error',
};

function textOf({ phase, progress, restarts }: EngineState): string {
  switch (phase) {
    case 'cold':
      return 'not started';
    case 'loading':
      return progress === null ? 'loading' : `loading ${progress.what}`;
    case 'running':
      return progress === null ? 'running' : `running ${progress.what}`;
    case 'restarting':
      return 'restarting: the worker stopped';
    case 'ready':
      return restarts === 0 ? 'ready' : `ready, restarted ${restarts === 1 ? 'once' : `${restarts} times`}`;
    case 'failed':
      return 'stopped';
    default:
      return phase satisfies never;
  }
}

/** `undefined` when nothing is under way, `null` when its end is not known. */
function progressOf({ phase, progress }: EngineState): number | null | undefined {
  if (phase === 'restarting') return null;
  if (phase !== 'loading' && phase !== 'running') return undefined;
  return progress === null ? null : shareDone(progress);
}

function shareDone(progress: Progress): number | null {
  switch (progress.kind) {
    case 'loading':
      return progress.totalBytes === null || progress.totalBytes === 0
        ? null
        : progress.loadedBytes / progress.totalBytes;
    case 'running':
      return progress.total === 0 ? null : progress.done / progress.total;
    default:
      return progress satisfies never;
  }
}
