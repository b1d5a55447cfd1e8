// A room: its tiles, controls, devices and ends, in Chinese.
export const green = {
  title: '准备进入',
  as: '您将以“{name}”的身份进入',
  nameless: '进入后，其他人会看到您的姓名',
  preview: '您的画面预览',
  cameraOff: '摄像头已关闭',
  opening: '正在打开摄像头…',
  level: '麦克风音量',
  speakHint: '请说句话，绿色音量条应随声音跳动。',
  enter: '进入房间',
  without: '没有摄像头或麦克风也可以进入，但其他人看不到或听不到您。',
  watchOnly: '您将以旁听方式进入，只观看和收听。',
  retry: '重新检测',
  noToken: '链接不完整',
  noTokenNext: '请从短信或邮件中重新打开完整的链接，或回到首页粘贴链接。',
  home: '回到首页',
}

export const devices = {
  camera: '摄像头',
  microphone: '麦克风',
  speaker: '扬声器',
  none: '未找到设备',
  automatic: '系统默认',
  unnamed: '设备 {number}',
}

export const problem = {
  camera: {
    denied: '浏览器没有摄像头权限',
    missing: '没有找到摄像头',
    busy: '摄像头正被其他程序占用',
    insecure: '当前页面无法使用摄像头',
    failed: '摄像头打开失败',
  },
  microphone: {
    denied: '浏览器没有麦克风权限',
    missing: '没有找到麦克风',
    busy: '麦克风正被其他程序占用',
    insecure: '当前页面无法使用麦克风',
    failed: '麦克风打开失败',
  },
  replaced: '{kind}“{before}”已断开，已改用“{now}”。',
  speakerLost: '扬声器“{name}”已断开，声音改由系统默认设备播放。',
  unheard: '其他人现在看不到或听不到您。',
  next: {
    denied: '请点击地址栏左侧的图标，将权限改为“允许”，然后点击“重新检测”。',
    missing: '请连接设备，接好后会自动使用。',
    busy: '请关闭正在使用它的程序（如其他会议软件），然后点击“重新检测”。',
    insecure: '请使用 https 链接，并在系统浏览器中打开。',
    failed: '请拔下设备重新连接，或重启浏览器后再试。',
  },
}

export const call = {
  entering: '正在进入房间…',
  unreachable: '暂时连不上服务器，正在重试。请检查网络。',
  reconnecting: '连接中断，正在重新连接…',
  mediaLost: '音视频中断，正在恢复…',
  alone: '您已进入房间，请等待其他人加入。',
  people: '{count} 人在房间中',
  controls: '通话控制',
  tiles: '参会者画面',
  micOn: '打开麦克风',
  micOff: '关闭麦克风',
  cameraOn: '打开摄像头',
  cameraOff: '关闭摄像头',
  share: '共享屏幕',
  shareOff: '停止共享',
  sharing: '您正在共享屏幕，有权查看的人都能看到。',
  shareFailed: '屏幕无法共享，请检查系统的屏幕录制权限后重试。',
  settings: '设置',
  statistics: '统计信息',
  more: '更多',
  micHushed: '关闭麦克风（已被工作人员静音）',
  hushed: '工作人员已将您静音，其他人暂时听不到您。',
  word: {
    microphone: '麦克风',
    muted: '已静音',
    camera: '摄像头',
    cameraOff: '已关闭',
    share: '共享屏幕',
    shareOff: '停止共享',
  },
  full: '全屏',
  fullOff: '退出全屏',
  leave: '离开',
  enableSound: '浏览器暂时没有播放声音，点击开启声音',
}

export const tile = {
  you: '{name}（我）',
  me: '我',
  screen: '{name} 的共享屏幕',
  muted: '已静音',
  speaking: '正在发言',
  pin: '放大 {name} 的画面',
  unpin: '还原 {name} 的画面',
  picture: '画中画',
  lost: '对方网络中断，正在等待恢复…',
  away: '网络中断',
  unplayable: '当前浏览器无法播放此画面，请更换浏览器。',
  unplayableShort: '浏览器无法播放',
  paused: '网络较弱，画面已暂停',
  reduced: { fair: '本机网络一般，画面已降低清晰度', poor: '本机网络较弱，画面清晰度很低' },
}

export const quality = {
  unknown: '网络：未测量',
  good: '网络：良好',
  fair: '网络：一般',
  poor: '网络：较差',
  lost: '网络：已中断',
}

export const way = {
  with: '{quality}，音视频经 {way}',
  udp: 'UDP',
  tcp: 'TCP',
  turn_udp: 'TURN（UDP）',
  turn_tcp: 'TURN（TCP）',
  turn_tls: 'TURN（TLS）',
}

export const leaving = {
  title: '离开房间？',
  text: '离开后可以用同一链接再次进入。',
  stay: '留下',
  leave: '离开',
}

export const statistics = {
  title: '统计信息',
  roundTrip: '往返时延',
  loss: '丢包（上 / 下）',
  bitrate: '码率（上 / 下）',
  cipher: '加密',
  protocol: '传输',
  sent: '发送',
  received: '接收',
  unknown: '—',
}

export const ended = {
  title: {
    left: '您已离开房间',
    replaced: '您已在其他设备或窗口进入',
    removed: '您已被请出房间',
    room_closed: '面谈已结束',
    stopped: '连接已关闭',
  },
  next: {
    left: '感谢参加。如需返回，请点击“再次进入”。',
    replaced: '同一座位只能在一处使用。如要改在这里继续，请点击“再次进入”。',
    removed: '如有疑问，请联系工作人员。',
    room_closed: '房间已关闭，可以关闭此页面。',
    stopped: '请稍后点击“再次进入”。',
  },
  error: '无法进入房间',
  again: '再次进入',
  detail: '错误代码',
}

export const news = {
  joined: '{name} 进入了房间',
  left: '{name} 离开了房间',
  interrupted: '{name} 的网络中断',
  returned: '{name} 已恢复连接',
  reconnecting: '连接中断，正在重新连接',
  reconnected: '已恢复连接',
  paused: '网络较弱，画面已暂停，声音继续',
}
