import { constants } from 'node:fs'
import { access, statfs } from 'node:fs/promises'

const LEAST_BYTES = 200_000_000 // some hours of photos and of an embedded database

/** In words why nothing can be kept in a folder; null: it can. */
export async function diskTrouble(
  folder: string,
  leastBytes = LEAST_BYTES,
): Promise<string | null> {
  try {
    await access(folder, constants.W_OK)
    const { bavail, bsize } = await statfs(folder)
    const free = bavail * bsize
    if (free >= leastBytes) return null
    return `only ${Math.round(free / 1e6)} MB are free where the data are; ${leastBytes / 1e6} are needed`
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code === 'ENOENT') return null // made with the first file
    return 'the folder of the data can not be written'
  }
}
