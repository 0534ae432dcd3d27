/** The form of *applet answer*: the fields of each kind of answer, and what the node is called on the canvas. */
(function () {
	'use strict';

	var CONNECT = [
		'destinations',
		'record',
		'ringTimeSeconds',
		'conversationTimeSeconds',
		'outgoingExoPhone',
		'recordingChannels',
		'musicOnHold_type',
		'musicOnHold_url',
		'playback_kind',
		'playback_value',
		'playback_to',
		'parallelRinging',
		'parallelAttempts',
		'fetchAfterAttempt',
		'eventUrl',
		'stateManagement',
		'stickyAgent',
	];
	var FIRST = ['destinations', 'record', 'ringTimeSeconds', 'conversationTimeSeconds'];

	function kindOf(node) {
		return window.exotelEditor.current(node, 'answer') || 'connect';
	}

	function check(node, name, value, opt) {
		var kind = kindOf(node);
		var own = window.exotelOwnFields;
		var word = function (key) {
			return node._('exotel-applet-answer.' + key);
		};
		if (name === 'callSid') return own.check(node, name, value, opt, { label: word('label.callSid') });
		if (name === 'branch')
			return kind === 'branch'
				? own.check(node, name, value, opt, { label: word('label.branch'), required: true })
				: true;
		if (name === 'caseName')
			return kind === 'case'
				? own.check(node, name, value, opt, { label: word('label.caseName'), required: true })
				: true;
		if (name === 'own')
			return kind === 'own'
				? own.check(node, name, value, opt, { label: word('label.own'), required: true, check: checkJson })
				: true;
		return kind === 'connect' ? window.exotelEditor.check(node, 'connectAnswer', name, value, opt) : true;

		function checkJson(text) {
			try {
				JSON.parse(text);
				return true;
			} catch {
				return word('form.json');
			}
		}
	}

	function label(node) {
		var kind = node.answer || 'connect';
		var fixed = function (name) {
			return ['str', 'bool', 'choice', '', undefined].indexOf(node[name + 'Type']) !== -1 && node[name]
				? node[name]
				: '…';
		};
		if (kind === 'connect') return node._('exotel-applet-answer.name.connect', { to: fixed('destinations') });
		if (kind === 'branch')
			return node.branchType === 'bool'
				? node._('exotel-applet-answer.name.branch-' + node.branch)
				: node._('exotel-applet-answer.name.branch');
		if (kind === 'case') return node._('exotel-applet-answer.name.case', { name: fixed('caseName') });
		return node._('exotel-applet-answer.name.' + kind);
	}

	function prepare(node) {
		var editor = window.exotelEditor;
		var own = window.exotelOwnFields;
		var word = function (key) {
			return node._('exotel-applet-answer.' + key);
		};
		editor.opened(node);
		if (!node.answer) $('#node-input-answer').val('connect');
		editor.fields(node, {
			container: '#exotel-applet-answer-connect',
			more: '#exotel-applet-answer-more-fields',
			names: CONNECT,
			optional: CONNECT.filter(function (name) {
				return FIRST.indexOf(name) === -1;
			}),
			operations: { only: 'connectAnswer' },
			mode: null,
		});
		var branches = [
			{ value: 'true', label: word('branch.first') },
			{ value: 'false', label: word('branch.second') },
		];
		own.typed(node, 'branch', {
			types: [{ value: 'bool', label: word('form.choose'), icon: 'fa fa-code-fork', options: branches }],
			label: word('label.branch'),
		});
		own.typed(node, 'caseName', { types: ['str'], label: word('label.caseName'), placeholder: 'sales' });
		own.typed(node, 'own', { types: ['json'], label: word('label.own') });
		own.typed(node, 'callSid', { types: ['str'], label: word('label.callSid'), placeholder: 'payload.call.sid' });
		var kind = $('#node-input-answer');
		var show = function () {
			var chosen = kind.val();
			['connect', 'branch', 'case', 'own'].forEach(function (part) {
				$('#exotel-applet-answer-' + part).toggle(chosen === part);
			});
			$('#exotel-applet-answer-more-fields').toggle(chosen === 'connect');
			$('#exotel-applet-answer-note').text(word('form.note-' + chosen));
		};
		kind.on('change', show);
		show();
	}

	window.exotelAppletAnswerForm = { check: check, label: label, prepare: prepare };
})();
