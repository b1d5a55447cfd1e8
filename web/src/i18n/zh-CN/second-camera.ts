// Texts of the page of a paired phone, in Chinese.
export const secondCamera = {
  title: '第二机位',
  refused: '无法连接为第二机位',
  refusedText: '请在电脑上重新生成二维码后扫描。',
  again: '重新连接',
  replaced: '已改用另一部手机',
  replacedText: '本机的摄像头已关闭，可以关闭此页面。',
  ended: '第二机位已结束',
  endedText: '摄像头已关闭，可以关闭此页面。',
  place: '请把手机横放在侧后方，拍到您和电脑屏幕；接上充电器，不要切换到其他应用。',
  turn: '切换镜头',
  stop: '断开',
  status: {
    seen: '面谈小组现在可以看到此画面',
    ready: '已连接。轮到您面谈时，面谈小组可以看到此画面',
    dark: '已连接，但没有画面。请打开摄像头',
    connecting: '正在连接…',
    reconnecting: '连接中断，正在自动恢复…',
    unreachable: '暂时连不上服务器，正在重试。请检查网络',
  },
}
