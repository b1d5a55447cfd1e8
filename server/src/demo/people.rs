//! The people of the demo's day. All of them are made up, and so is what they write of themselves.

use viva_interview::Role;

/// The staff: the first is the chair.
pub const STAFF: [(&str, Role); 5] = [
    ("陈伟", Role::Examiner),
    ("刘洋", Role::Examiner),
    ("赵敏", Role::Examiner),
    ("孙老师", Role::Host),
    ("周巡考", Role::Patrol),
];

/// A candidate, and what stands in their papers.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    /// As everybody reads it.
    pub name: &'static str,
    /// Where they have studied.
    pub school: &'static str,
    /// What.
    pub major: &'static str,
    /// Of which they write at the end of it.
    pub thesis: &'static str,
    /// What was asked there.
    pub question: &'static str,
    /// How they went about it.
    pub method: &'static str,
    /// What came of it.
    pub finding: &'static str,
    /// What they want to do next.
    pub plan: &'static str,
    /// What they have won, or done beside.
    pub award: &'static str,
    /// They bring slides.
    pub slides: bool,
    /// They bring a picture of their measurements.
    pub picture: bool,
}

/// In the order of their numbers and times.
pub const CANDIDATES: [Person; 12] = [
    Person {
        name: "李华",
        school: "示例大学",
        major: "计算机科学与技术",
        thesis: "面向弱网环境的实时音视频拥塞控制",
        question: "手机在地铁、电梯里通话时，网络带宽几秒之内就会变化数倍。已有算法要么反应太慢，要么把偶然的丢包当成拥塞。",
        method: "采集了四十段真实的网络轨迹，用重放的办法比较三种算法；在其中一种之上加入对时延趋势的判断，区分偶然丢包与排队。",
        finding: "同样的轨迹下，卡顿时间减少约三成，平均码率没有下降。对时延本来就抖动很大的网络，改进不明显。",
        plan: "研究多人会议中各接收者带宽差别很大时的分层传输，希望让一个人的弱网不影响其他人。",
        award: "校级程序设计竞赛二等奖；开源项目贡献者，提交过九个被采纳的补丁。",
        slides: true,
        picture: true,
    },
    Person {
        name: "王芳",
        school: "样例理工大学",
        major: "软件工程",
        thesis: "从自然语言需求中发现自相矛盾之处",
        question: "需求文档往往由多人分头编写，前后矛盾要到测试时才被发现，修改的代价很高。",
        method: "把需求句子整理为“谁、在什么条件下、必须做什么”，再用逻辑求解器检查条件相交而结论相反的句子。",
        finding: "在三份真实文档中找到十七处矛盾，其中十一处得到作者确认。含糊的措辞仍要人来判断。",
        plan: "研究怎样向作者提出最少的问题，就能消除一份文档里的全部含糊。",
        award: "国家励志奖学金；担任两门课程的助教。",
        slides: true,
        picture: false,
    },
    Person {
        name: "张强",
        school: "范例工业大学",
        major: "自动化",
        thesis: "仓储机器人在狭窄通道中的路径协商",
        question: "多台机器人在单行通道相遇时容易互相等待，集中调度又受通信时延限制。",
        method: "让机器人按任务紧急程度和让行代价就地协商，并在仿真中证明不会死锁。",
        finding: "五十台机器人的仿真中，等待时间比先到先行减少四分之一；在两台实物小车上得到验证。",
        plan: "研究有人与机器人混行的场地，怎样让机器人的让行意图容易被人看懂。",
        award: "机器人大赛省级一等奖，队长。",
        slides: false,
        picture: true,
    },
    Person {
        name: "刘静",
        school: "示例师范大学",
        major: "数据科学与大数据技术",
        thesis: "缺失数据对学业预警模型公平性的影响",
        question: "学业预警模型常用签到和作业数据，而缺失最多的恰恰是最需要帮助的学生。",
        method: "在公开数据上按不同规律制造缺失，比较四种填补方法对不同群体误判率的影响。",
        finding: "简单填补平均值会使误判率的差距扩大一倍；把“是否缺失”作为特征后差距基本消失。",
        plan: "研究在不收集敏感信息的前提下，怎样检验一个模型对不同群体是否公平。",
        award: "大学生数学建模竞赛省级二等奖。",
        slides: false,
        picture: false,
    },
    Person {
        name: "杨帆",
        school: "样例海洋大学",
        major: "电子信息工程",
        thesis: "水下声呐图像中小目标的检测",
        question: "声呐图像噪声大、样本少，直接套用光学图像的检测方法效果很差。",
        method: "先按声学成像的规律合成样本，再用少量真实图像微调，并对阴影区域单独建模。",
        finding: "小目标的召回率从六成提高到八成；对沙质海底效果好，对礁石海底仍然误报较多。",
        plan: "研究怎样让模型说明它凭什么认为那里有目标，方便潜水员复核。",
        award: "获授权实用新型专利一项（第二发明人）。",
        slides: false,
        picture: true,
    },
    Person {
        name: "黄丽",
        school: "示例医科大学",
        major: "智能医学工程",
        thesis: "可穿戴设备心律数据的自动质量评估",
        question: "手环采集的心律数据受运动干扰，医生不知道哪一段可以相信。",
        method: "请三位医生分别标注八百段数据，用他们的一致程度而不是单一答案来训练模型。",
        finding: "模型给出的可信程度与医生之间的一致程度相符；剔除两成低质量数据后，误报减少一半。",
        plan: "研究怎样在设备上完成评估，使原始数据不必离开佩戴者的手机。",
        award: "优秀毕业设计提名；社区健康志愿服务一百二十小时。",
        slides: false,
        picture: false,
    },
    Person {
        name: "赵磊",
        school: "范例科技大学",
        major: "网络工程",
        thesis: "校园网中加密流量的异常发现",
        question: "流量大多已经加密，按内容检查的办法不再适用，也不应当再用。",
        method: "只使用报文长度和时间间隔，用自监督方法学习正常流量的样子，再找出偏离者。",
        finding: "在一个月的校园网数据中发现两起真实的扫描行为；每天约有三条误报，值班人员可以接受。",
        plan: "研究异常发现系统自身怎样抵抗有意模仿正常流量的攻击者。",
        award: "网络攻防竞赛省级一等奖。",
        slides: false,
        picture: true,
    },
    Person {
        name: "吴倩",
        school: "样例外国语大学",
        major: "计算语言学",
        thesis: "低资源方言的语音转写",
        question: "许多方言没有足够的转写语料，而会说的人正在减少。",
        method: "与当地广播站合作整理了二十小时录音，借用普通话模型的发音知识，只学习方言特有的变化。",
        finding: "字错误率从五成降到两成八；对六十岁以上说话人的效果明显差于年轻人。",
        plan: "研究怎样让说方言的人自己参与纠正，使模型越用越准。",
        award: "国家级大学生创新项目负责人；英语专业八级。",
        slides: true,
        picture: false,
    },
    Person {
        name: "周凯",
        school: "示例大学",
        major: "信息安全",
        thesis: "电子证据的可验证存储",
        question: "日志由被审计的系统自己保存，出了问题很难证明它没有被改过。",
        method: "把日志按时间串成哈希链，每小时把链头公布到三处互不隶属的地方。",
        finding: "在每秒五千条日志时，额外开销不到百分之二；事后删改任意一条都能在一分钟内被发现。",
        plan: "研究在允许依法删除个人信息的同时，怎样保持整条链仍可验证。",
        award: "信息安全竞赛国家级三等奖。",
        slides: false,
        picture: true,
    },
    Person {
        name: "徐鹏",
        school: "范例交通大学",
        major: "交通工程",
        thesis: "公交到站时间预测中的不确定性表达",
        question: "站牌上的“还有五分钟”常常不准，乘客真正想知道的是会不会错过。",
        method: "用分位数回归给出时间范围，在两条线路上请一百六十位乘客比较三种显示方式。",
        finding: "显示范围时，乘客的实际等待时间缩短，投诉减少；但范围太宽时信任度反而下降。",
        plan: "研究在突发拥堵时怎样又快又诚实地告诉乘客预测已经失效。",
        award: "交通科技竞赛省级二等奖。",
        slides: false,
        picture: false,
    },
    Person {
        name: "孙宁",
        school: "样例理工大学",
        major: "人工智能",
        thesis: "小样本条件下工业零件表面缺陷检测",
        question: "生产线上缺陷很少，新零件换型之后几乎没有可用的样本。",
        method: "只用正常零件建模，再用五张缺陷图确定阈值，并记录每次误判供工人反馈。",
        finding: "在三类零件上漏检率低于百分之一；更换光源后需要重新标定。",
        plan: "研究怎样在换型时自动判断模型是否还可信，而不是等到漏检之后。",
        award: "企业实习半年，方案已在一条产线试用。",
        slides: true,
        picture: true,
    },
    Person {
        name: "高翔",
        school: "示例师范大学",
        major: "教育技术学",
        thesis: "编程初学者错误信息的改写",
        question: "编译器的错误信息写给专家看，初学者读不懂，常常改错地方。",
        method: "收集一个学期的三万次编译错误，改写其中最常见的二十种，并做随机对照实验。",
        finding: "改写组改正同一错误所用的次数减少三成；对逻辑错误没有帮助。",
        plan: "研究怎样在不直接给出答案的情况下，提示学生下一步该看哪里。",
        award: "优秀学生干部；支教两个暑假。",
        slides: false,
        picture: false,
    },
];
