import { v7 } from 'uuid'
import { PhotoReply } from '../../backend/contract/photos.ts'
import { shrunk } from '../checkins/photo.ts'
import { call } from '../core/api.ts'

const PATIENCE_MS = 60_000

/** Sends a photo, made small. @returns its id; null when it is no picture or did not get through */
export async function sendPhoto(file: Blob): Promise<string | null> {
  const id = v7()
  try {
    const query = { id, source: 'camera' }
    await call(PhotoReply, '/api/v1/photos', { file: await shrunk(file), query, timeoutMs: PATIENCE_MS }) // prettier-ignore
    return id
  } catch {
    return null
  }
}
