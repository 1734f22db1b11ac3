/** The sentences of a day's reasoning, by the codes of the contract's `Reason`. */
export const zh = {
  holiday: '法定节假日，不需要出勤。',
  restday: '休息日，不需要出勤。',
  unscheduled: '没有排班，不需要出勤。',
  not_employed: '这一天不在入职与离职日期之间，不计考勤。',
  required: '当天应出勤 {requiredMin} 分钟（已扣除休息 {restMin} 分钟）。',
  free_required: '自由工时：当天应满 {requiredMin} 分钟。',
  flexed: '弹性班次：按首次打卡整体移动 {movedMin} 分钟。',
  flexed_ends:
    '弹性班次：按首次打卡，第一段的上班与最后一段的下班一起移动 {movedMin} 分钟，中间的时间不变。',
  due_moved: '因请假或外出，{due}应打卡时间由 {fromAt} 变为 {toAt}。',
  excused: '请假或外出覆盖整段，{due}不要求打卡。',
  allowance: '前一天下班较晚（{afterAt}），{due}允许晚到 {allowedMin} 分钟；实际 {punchAt}。',
  repeated: '{punchAt} 的打卡与上一次相隔不到 1 分钟，不再计。',
  outside: '{punchAt} 的打卡在所有打卡时段之外，不计。',
  between: '{punchAt} 的打卡在首末之间，不改变结果。',
  too_soon: '{punchAt} 的打卡距首次打卡不满 {apartMin} 分钟，不作下班卡。',
  corrected: '{due}以审批通过的补卡 {punchAt} 为准。',
  in_normal: '{due}应 {dueAt}，实 {punchAt}：正常。',
  in_forgiven: '{due}晚 {lateMin} 分钟，在宽限 {graceMin} 分钟内：计为宽免。',
  in_late:
    '{due}应 {dueAt}，实 {punchAt}：超过宽限 {graceMin} 分钟，从应打卡时间起算，迟到 {lateMin} 分钟。',
  in_serious_late:
    '{due}应 {dueAt}，实 {punchAt}：满 {seriousMin} 分钟，记严重迟到 {lateMin} 分钟。',
  in_absent: '{due}应 {dueAt}，实 {punchAt}：满 {absentMin} 分钟，这一段记旷工。',
  out_normal: '{due}应 {dueAt}，实 {punchAt}：正常。',
  out_forgiven: '{due}早 {lateMin} 分钟，在宽限 {graceMin} 分钟内：计为宽免。',
  out_early: '{due}应 {dueAt}，实 {punchAt}：超过宽限 {graceMin} 分钟，早退 {lateMin} 分钟。',
  pending: '{due}还没有打卡；{closesAt} 之前仍可到达（含离线上传的宽限），之前不下结论。',
  missing: '{due}没有打卡：这一段未证实的时间记为未证实。',
  absent: '{due}没有打卡，整段都没有打卡：记旷工。',
  leave: '已批请假覆盖 {leaveMin} 分钟。',
  outing: '外出覆盖 {outingMin} 分钟。',
  short: '首末打卡之间出勤 {workedMin} 分钟，还差 {shortMin} 分钟。',
  free_one: '只有一次打卡，不能证明时长：{unprovenMin} 分钟未证实。',
  free_none: '没有打卡：{absentMin} 分钟记旷工。',
  overtime: '已批加班中有打卡证明的 {overtimeMin} 分钟。',
  overtime_ruled: '按打卡计的加班 {overtimeMin} 分钟。',
  overtime_rest_clock: '加班共 {provenMin} 分钟，其中规定的休息时段 {restMin} 分钟不计。',
  overtime_rest_length: '加班共 {provenMin} 分钟，满 {fromMin} 分钟扣除休息 {restMin} 分钟。',
  overtime_unproven: '已批加班没有打卡证明，不计。',
  overtime_alone: '加班以审批为准：已批加班在应出勤之外的 {overtimeMin} 分钟。',
  overtime_none: '已批加班都在应出勤时间内，不另计。',
}

export const en: typeof zh = {
  holiday: 'A public holiday: nothing is required.',
  restday: 'A day off: nothing is required.',
  unscheduled: 'Not rostered: nothing is required.',
  not_employed: 'Not employed on this day: nothing is counted.',
  required: '{requiredMin} minutes are required, {restMin} minutes of rest left out.',
  free_required: 'Free hours: {requiredMin} minutes are required.',
  flexed: 'Flexible hours: the shift moved by {movedMin} minutes with the first punch.',
  flexed_ends:
    'Flexible hours: with the first punch the begin of the first section and the end of the last moved by {movedMin} minutes; nothing between them did.',
  due_moved: 'Leave or outing moved {due} from {fromAt} to {toAt}.',
  excused: 'Leave or outing covers the section: {due} is not asked for.',
  allowance:
    'You left late the evening before ({afterAt}): {due} may be {allowedMin} minutes later; it was {punchAt}.',
  repeated: 'The punch at {punchAt} came within a minute of the one before: not counted again.',
  outside: 'The punch at {punchAt} is outside of every window: not counted.',
  between: 'The punch at {punchAt} is between first and last: it changes nothing.',
  too_soon:
    'The punch at {punchAt} is less than {apartMin} minutes after the first: it is no punch out.',
  corrected: 'For {due} the approved correction {punchAt} counts.',
  in_normal: '{due} due {dueAt}, punched {punchAt}: normal.',
  in_forgiven: '{due} was {lateMin} minutes late, within the grace of {graceMin}: forgiven.',
  in_late:
    '{due} due {dueAt}, punched {punchAt}: beyond the grace of {graceMin} minutes; counted from the due time, {lateMin} minutes late.',
  in_serious_late:
    '{due} due {dueAt}, punched {punchAt}: {seriousMin} minutes are reached, {lateMin} minutes seriously late.',
  in_absent:
    '{due} due {dueAt}, punched {punchAt}: {absentMin} minutes are reached, the section counts as absent.',
  out_normal: '{due} due {dueAt}, punched {punchAt}: normal.',
  out_forgiven: '{due} was {lateMin} minutes early, within the grace of {graceMin}: forgiven.',
  out_early:
    '{due} due {dueAt}, punched {punchAt}: beyond the grace of {graceMin} minutes, {lateMin} minutes early.',
  pending:
    '{due} has no punch yet; one may come in until {closesAt}, uploads included: nothing is said before.',
  missing: '{due} has no punch: what it would have proven is unproven.',
  absent: '{due} has no punch, nor has its section: absent.',
  leave: 'Approved leave covers {leaveMin} minutes.',
  outing: 'Outings cover {outingMin} minutes.',
  short: '{workedMin} minutes between first and last punch, {shortMin} are short.',
  free_one: 'A single punch proves no length of time: {unprovenMin} minutes are unproven.',
  free_none: 'No punch: {absentMin} minutes absent.',
  overtime: '{overtimeMin} minutes of approved overtime are proven by punches.',
  overtime_ruled: '{overtimeMin} minutes of overtime by punches.',
  overtime_rest_clock:
    'Of {provenMin} minutes of overtime {restMin} are rest at fixed times and do not count.',
  overtime_rest_length:
    '{provenMin} minutes of overtime: from {fromMin} minutes on {restMin} of them are rest and do not count.',
  overtime_unproven: 'Approved overtime without punches to prove it does not count.',
  overtime_alone:
    'Overtime counts when approved: {overtimeMin} minutes of it are outside of required time.',
  overtime_none: 'All approved overtime is within required time: it does not count apart.',
}
