/** Names of the ten classes, for panels: the one piece of `lib/images` that they show. */
export { FASHION_MNIST_CLASSES as CLASS_NAMES } from '@/lib/images/samples';
