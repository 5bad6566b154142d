"""Titles of the papers packs name. Pure."""

TITLES = {
    "announcement-minutes": "处分决定宣布会议记录",
    "visit-record": "回访谈话记录",
    "assessment": "期满全面考核表",
    "execution-report": "处分决定执行情况报告",
    "review-decision": "政务处分复审决定书",
    "appeal-conclusion": "复查（复核）结论告知书",
    "restoration-report": "留党察看期满支部大会意见的报告",
    "restoration-notice": "留党察看期满处理结果通知书",
    "redress-notice": "处分决定变更、撤销通知书",
    "reputation-minutes": "恢复名誉宣布会议记录",
    "correction-letter": "更正函",
}
