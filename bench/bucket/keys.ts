export const bucketKeys = { accessKey: 'bench', secretKey: 'bench-secret', bucket: 'bench' } as const
