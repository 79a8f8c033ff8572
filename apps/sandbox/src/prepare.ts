// Makes the sample records where they are not made yet, in a process of its own: the memory that this takes is given back
// with it. Its parameters are the cache's folder and the sizes of the lists of children, as JSON.
import { prepareChildren, prepareRecords, type Sizes } from '@anonymesh/examples';

const [, , cache = '', sizes = '{}'] = process.argv;
await prepareRecords(cache);
await prepareChildren(cache, JSON.parse(sizes) as Partial<Sizes>);
