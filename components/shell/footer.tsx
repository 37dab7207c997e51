import { AccuracyTable } from '@/components/shell/accuracy-table';
import classes from './footer.module.css';

/** Where the figures come from: what the paper printed beside what this project measured, never one as the other. */
export function Footer() {
  return (
    <footer className={classes.footer} id="sources" tabIndex={-1}>
      <section aria-labelledby="sources-title">
        <h2 id="sources-title">Sources</h2>
        <p>
          The two cures are those of Li, Xu, Lin, Cao, Liu, Sun, Zhang:{' '}
          <a href="https://doi.org/10.1609/aaai.v38i4.28109">
            Bi-ViT: Pushing the Limit of Vision Transformer Quantization
          </a>
          , AAAI 2024, 38(4):3243–3251 (<a href="https://arxiv.org/abs/2305.12354">arXiv 2305.12354</a>
          ). The models here are small ones trained by this project on{' '}
          <a href="https://arxiv.org/abs/1708.07747">Fashion-MNIST</a> (© Zalando SE, MIT licence); other data, size and
          schedule, so the two columns are not to be compared number by number.
        </p>
        <p>
          This project’s own: the ranking loss, a hinge on pairs of scores in the manner of{' '}
          <a href="https://arxiv.org/abs/2106.14156">Liu et al. (NeurIPS 2021)</a>, because the paper’s printed form was
          not at hand and its released code does not hold it; the attention quantizer, after{' '}
          <a href="https://arxiv.org/abs/2205.13016">BiT (NeurIPS 2022)</a>; and how tied places share a top-k. Every
          number’s card names its source.
        </p>
        <p>
          Bi-ViT Lens is free software under the MIT licence. Pictures and checkpoints that you bring stay on this
          device.
        </p>
      </section>
      <AccuracyTable />
    </footer>
  );
}
