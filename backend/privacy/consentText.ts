/** A change of the text is a new version: everybody is asked again. */
export const CONSENT_VERSION = '2026-12'

/** What a rep agrees to, in his words. The page shows it whole, the English below the Chinese. */
export const CONSENT_TEXT = `足迹只在您的上班时段内收集手机位置，用来显示行程、到访客户和考勤依据。
收集什么：位置、精度、时间、电量、网络类型。页面关闭或锁屏时不会收集。
您自己按下签到、签退或打卡时，会记录当时的一个位置和您拍的照片；上班时段之外也只有这一个，不会因此开始记录行程。
谁能看到：您的主管（每次查看都有记录，您随时能看到是谁、何时、看了哪一天）。人事只看考勤结果，不看轨迹。
保留多久：原始位置 30 天，之后只留停留与里程。
您可以随时在“我的”里撤回同意；撤回后立即停止收集。

Zuji collects your phone's position only within your duty hours, to show routes, customer visits and the evidence of your attendance.
What: position, accuracy, time, battery, network type. Nothing while the page is closed or the screen is locked.
When you yourself check in, check out or punch, that one position and the photo you take are kept, also outside of duty hours; no recording begins by it.
Who sees it: your supervisors; each look is logged and shown to you. HR sees attendance, not tracks.
How long: raw positions 30 days, afterwards stays and distances only.
You may withdraw at any time under "Me"; collecting stops at once.`
