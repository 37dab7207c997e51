/** Five small models trained on Fashion-MNIST by `models/training/fashion_mnist`. Its files lie beside this one. */
import { FASHION_MNIST_CLASSES } from '@/lib/images/samples';
import { defineFamily, TEACHER_AND_STUDENTS } from '@/models/families/family';

export const FASHION_MNIST = defineFamily({
  id: 'fashion-mnist',
  name: 'Fashion-MNIST',
  config: {
    architecture: 'deit',
    quantization: 'bi-vit-elastic',
    imageSize: 28,
    patchSize: 4,
    inChannels: 1,
    embedDim: 64,
    depth: 4,
    numHeads: 4,
    mlpRatio: 4,
    numClasses: 10,
    distilled: false,
    normEps: 1e-6,
    qkNormEps: 1e-5,
  },
  // Mean and standard deviation of the 60,000 training images.
  preprocessing: { kind: 'grey', imageSize: 28, channels: 1, mean: [0.286], std: [0.353] },
  classNames: FASHION_MNIST_CLASSES,
  classesAre: 'ten kinds of clothing',
  samples: { kind: 'idx', name: 'samples/fashion-mnist-1000', count: 1000 },
  members: TEACHER_AND_STUDENTS,
  testSet: { name: 'test images of Fashion-MNIST', images: 10_000 },
});
