/** 文件页面。 */
import type { browser as english } from '../en/browser'

export const browser: typeof english = {
  browser: {
    title: '文件',
    home: '主目录',
    way: '当前位置',
    table: '目录内容',
    entries: (n) => `${n} 项`,
    columns: { name: '名称', size: '大小', time: '修改时间', owner: '所有者', actions: '操作' },
    actions: { open: '打开', download: '下载', share: '分享', rename: '重命名', remove: '删除' },
    newFolder: '新建文件夹',
    upload: '上传',
    drop: '将文件拖放到此处上传',
    empty: '该目录为空。将文件拖放到此处即可上传。',
    removed: (path) => `${path} 已移入回收站。`,
    undo: '撤销',
    renameTitle: (name) => `重命名 ${name}`,
    name: '名称',
    badName: { empty: '请填写名称。', slash: '名称不能包含斜杠。' },
    noPreview: '此类文件无法在此预览，请下载后查看。',
    noImage: '浏览器无法显示该图像，或其大于 32 MiB。',
    noFits: '该文件的开头不符合 FITS 格式。',
    fits: 'FITS 文件头',
    share: {
      title: (path) => `分享 ${path}`,
      lead: '在过期之前，持有该链接的任何人都可以下载该文件。',
      lifetime: '有效期',
      hours: (n) => (n < 24 ? `${n} 小时` : `${n / 24} 天`),
      create: '创建链接',
      link: '链接',
      until: (time) => `有效至 ${time}。`,
    },
    trash: { title: '回收站', empty: '回收站为空。', restore: '放回', until: (time) => `保留至 ${time}` },
    uploads: {
      title: '上传',
      pause: '暂停',
      resume: '继续',
      replace: '替换该文件',
      states: { waiting: '等待中', sending: '上传中', paused: '已暂停', failed: '失败', done: '完成' },
    },
  },
}
