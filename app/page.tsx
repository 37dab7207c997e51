import { Explore } from './explore';

export default function ExplorePage() {
  return <Explore />;
}
