/** What places a bucket: those with an equal one are in one shard. */
export type Shard = string | number;
export type ShardOf = (bucketKey: string) => Shard;
