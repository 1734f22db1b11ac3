import type { EvidenceScore, Signal } from '../contract/checkins.ts'
import type { Evidence } from './evidence.ts'
import type { Finding } from './finding.ts'

/** `{name}` is a value of the signal. */
const WORDS: Record<string, readonly [zh: string, en: string]> = {
  inside: ['离中心 {metres} 米，误差圈在范围内', '{metres} m from the middle, the accuracy circle is in range'],
  cannot_tell: ['误差 {accuracy} 米，在范围内的可能约 {percent}%', '±{accuracy} m: in range with a chance of about {percent} %'],
  outside: ['在范围外 {beyond} 米（误差 {accuracy} 米）', '{beyond} m out of range (±{accuracy} m)'],
  no_site: ['没有可比较的地点', 'There is no place to compare with'],
  first_place: ['客户还没有位置，由这次签到确定', 'The customer had no position; this check-in sets it'],
  no_position: ['手机没有给出位置', 'The phone gave no position'],
  no_fix: ['没有定位可以核对', 'There is no position to check'],
  fix_fresh: ['定位是 {seconds} 秒前取得的', 'The position was {seconds} s old'],
  fix_old: ['定位是 {seconds} 秒前的旧位置', 'The position was already {seconds} s old'],
  fix_age_unknown: ['没有说明定位是何时取得的', 'The age of the position is not told'],
  track_before: ['与之前的轨迹一致', 'It agrees with the track before'],
  track_none_before: ['之前 15 分钟没有轨迹', 'There is no track of the 15 minutes before'],
  track_disagrees_before: ['之前的轨迹在 {metres} 米以外，要以 {kmh} 公里/时赶到', 'The track before is {metres} m away: that takes {kmh} km/h'],
  track_after: ['与之后的轨迹一致', 'It agrees with the track after'],
  track_none_after: ['之后 15 分钟没有轨迹', 'There is no track of the 15 minutes after'],
  track_after_pending: ['之后的轨迹还没有到，到了再算一次', 'The track after has not come yet; it will be counted'],
  track_disagrees_after: ['之后的轨迹在 {metres} 米以外，要以 {kmh} 公里/时赶到', 'The track after is {metres} m away: that takes {kmh} km/h'],
  track_excursion: ['前后的轨迹都不在这里，相距 {metres} 米', 'Before and after the track is elsewhere, {metres} m away'],
  track_hops: ['轨迹一下跳了 {metres} 米（{kmh} 公里/时）', 'The track hops {metres} m at once ({kmh} km/h)'],
  frozen: ['{minutes} 分钟里 {fixes} 次定位一模一样', '{fixes} positions of {minutes} minutes are the same to the last digit'],
  frozen_moving: ['说在移动，{fixes} 次定位却一模一样', 'It claims to move while {fixes} positions are the same to the last digit'],
  replayed: ['这段轨迹与 {days} 天前的一模一样', 'The track is that of {days} days ago over again'],
  same_spot: ['坐标与另外 {days} 天的签到一字不差', 'The coordinates are those of {days} other days to the last digit'],
  no_proof: ['之前一天里没有签到可比', 'There is no check-in of the day before to compare with'],
  travel: ['距上次签到 {metres} 米，用了 {minutes} 分钟，合理', '{metres} m since the last check-in in {minutes} min, as it should be'],
  impossible_travel: ['距上次签到 {metres} 米只用了 {minutes} 分钟（{kmh} 公里/时）', '{metres} m since the last check-in in only {minutes} min ({kmh} km/h)'],
  photo_new: ['照片以前没有出现过', 'The photo has not been seen before'],
  photo_unread: ['照片格式无法解读，只按原样保存', 'The photo’s format can not be read here, it is only kept'],
  no_photo: ['没有要求照片', 'No photo was asked for'],
  photo_missing: ['缺少要求的照片', 'The photo that is asked for is missing'],
  photo_of_other: ['照片与别人 {days} 天前的相同', 'The photo is like one of somebody else of {days} days ago'],
  photo_again: ['照片与本人 {days} 天前的相同', 'The photo is like one of his own of {days} days ago'],
  device_usual: ['本人常用手机，没有别人共用', 'His usual phone, nobody else uses it'],
  device_new: ['换了新手机', 'A phone that is new to him'],
  device_unknown: ['没有说明是哪部手机', 'The phone is not named'],
  device_shared: ['这部手机还有 {people} 个人用过', '{people} other people used this phone'],
  wifi_match: ['连着这里登记的 Wi-Fi', 'Connected to the registered Wi-Fi of the place'],
  wifi_other: ['连着别的 Wi-Fi，不计分', 'Connected to another Wi-Fi, which counts nothing'],
  wifi_unregistered: ['这里没有登记 Wi-Fi，不计分', 'No Wi-Fi is registered here, which counts nothing'],
  mock: ['手机说位置是模拟的', 'The phone says that the position is made up'],
  pin: ['位置来自消息里的图钉，可以任意选', 'The position is a pin of a message, which may be anywhere'],
  clock_moved: ['手机时钟被调过 {seconds} 秒，已按不受影响的时间校正', 'The phone’s clock was moved by {seconds} s; the time is corrected'],
  clock_off: ['手机时钟差 {seconds} 秒，已校正', 'The phone’s clock is off by {seconds} s; the time is corrected'],
  late: ['离线时签到，{minutes} 分钟后才上传', 'Made without a network, sent {minutes} min later'],
  customer_confirmed: ['客户通过链接确认了这次拜访', 'The customer confirmed the visit by the link'],
  customer_rated: ['客户通过链接确认了这次拜访，评分 {rating} / 5', 'The customer confirmed the visit by the link and rated it {rating} of 5'],
  customer_denied: ['客户通过链接说拜访没有发生', 'The customer said by the link that there was no visit'],
  form_incomplete: ['表单还缺：{questions}', 'The form still lacks: {questions}'],
  off_duty: ['不在上班时段，只记录这一个位置', 'Off duty: only this one position is kept'],
} // prettier-ignore

/** The score with its sentences in Chinese and English. */
export const worded = ({ score, signals }: Evidence): EvidenceScore => ({
  score,
  signals: signals.map(sentence),
})

function sentence({ code, points, values }: Finding): Signal {
  const [zh, en] = WORDS[code] ?? [code, code]
  return { code, points, values, text: filled(zh, values), textEn: filled(en, values) }
}

const filled = (words: string, values: Finding['values']) =>
  words.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))

export const CODES = Object.keys(WORDS)
