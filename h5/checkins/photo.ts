const LONGEST = 1600 // pixels: a shop sign stays legible, a thin line carries it
const QUALITY = 0.82

/**
 * A photo made small on the phone, which also leaves its metadata out. The watermark is burnt in by
 * the server, from what is in the chain. A file that the browser can not draw is sent as it is.
 */
export async function shrunk(file: Blob): Promise<Blob> {
  const picture = await createImageBitmap(file).catch(() => null)
  if (picture === null) return file
  const share = Math.min(1, LONGEST / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(picture.width * share)
  canvas.height = Math.round(picture.height * share)
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
  picture.close()
  const small = await new Promise<Blob | null>((resolve) =>
    canvas.toBlob(resolve, 'image/jpeg', QUALITY),
  )
  return small ?? file
}
