// Fails the build where the SDK outgrows its promise.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const limit = 3000
const size = gzipSync(readFileSync('dist/qiao.iife.js'), { level: 9 }).length
console.log(`qiao.iife.js: ${size} bytes gzipped (limit ${limit})`)
if (size >= limit) process.exit(1)
